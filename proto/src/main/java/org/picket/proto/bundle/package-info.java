/// What a bundle's manifest asks for. Coordinators give out leases by it, and agents load bundles by it.
package org.picket.proto.bundle;
