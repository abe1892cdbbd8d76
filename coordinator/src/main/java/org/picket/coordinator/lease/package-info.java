/// Leases: one agent's exclusive, fenced, time-limited right to scan a shard, and what the crawler supplied to
/// it.
///
/// Invariants: a lease is in the table or it is over, and what is over comes never back; a shard has at most
/// one lease in the table; every effect names the fence of a lease in the table and is checked against the
/// database once more; every answer without a lease says why. Grants and heartbeats write nothing: shards come
/// from the feed, which has claimed them beforehand, and a coordinator that dies takes its leases with its
/// term.
package org.picket.coordinator.lease;
