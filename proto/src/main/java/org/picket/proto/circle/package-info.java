/// Whose agents a site lets see its pictures. Coordinators grant by it, and crawlers refuse by it whatever
/// coordinators grant.
package org.picket.proto.circle;
