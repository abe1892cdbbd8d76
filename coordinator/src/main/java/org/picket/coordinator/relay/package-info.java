/// The relay: brings an agent and a crawler that cannot reach each other together for one lease, and copies
/// frames from one to the other that it cannot read.
///
/// Invariants: a stream is relayed for a lease that lives, between that lease's agent and a crawler of its
/// storage's site alone; what is held for one stream is bounded by its credit, whatever either end does;
/// nothing here blocks.
package org.picket.coordinator.relay;
