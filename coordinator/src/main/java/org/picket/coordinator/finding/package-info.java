/// Flagged objects on their way through review, and the objects that could not be ruled on.
///
/// Invariants: what is at one key with one version and one content has at most one live finding; a finding
/// changes state by [org.picket.coordinator.finding.FindingRules] alone; every state that a storage must bring
/// about is entered in the transaction that also writes the order for it. Nothing here signs or delivers an
/// order: that is `org.picket.coordinator.removal`.
package org.picket.coordinator.finding;
