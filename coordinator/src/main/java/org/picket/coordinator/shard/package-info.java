/// Shards: bounded slices of a listing, cut from its ranges, leased one at a time, and split when leases fail
/// on them.
///
/// Invariants: a shard holds whole ranges in key order and shards of a listing do not overlap; a shard changes
/// only by a command that names its current lease (id, epoch, term), or that takes it from a dead term; its
/// state moves OPEN → LEASED → OPEN … → RULED and never back from RULED. A follow-up is a shard of picked objects
/// out of another one, which is settled only when all its follow-ups are RULED; an object is in one of the two, and
/// changes over in one transaction.
package org.picket.coordinator.shard;
