/// Keys of objects in a storage, none of signatures: one order of them everywhere.
package org.picket.proto.key;
