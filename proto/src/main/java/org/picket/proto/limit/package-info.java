/// Bounds and number formats that both ends of the wire share.
package org.picket.proto.limit;
