/// The collective's certificates: who signs them, for whom, and for how long.
///
/// Invariant: a certificate names one party, and what it names comes from the coordinator's own records, never
/// from whoever asks for it.
package org.picket.coordinator.authority;
