/// Being a member of a collective on other machines: joining by an invite, keeping a certificate good, and the
/// connection to the coordinator.
///
/// Invariant: the private key is made by its owner, and nothing here ever sends it.
package org.picket.runtime.membership;
