/// Typed ids: a number of one kind cannot stand where another kind belongs.
package org.picket.proto.id;
