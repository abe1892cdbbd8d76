/// What follows from a bundle's manifest for those who do not run it: what it asks of an agent, and what its scores
/// come of. Coordinators and agents go by the same.
package org.picket.proto.bundle;
