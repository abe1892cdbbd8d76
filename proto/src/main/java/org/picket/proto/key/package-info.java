/// Names of objects.
package org.picket.proto.key;
