/// The feed: shards of open listings on their way to agents that ask for work. They are claimed a batch at a
/// time, wait in memory, and go out one by one; what is not leased any more is given back through it.
///
/// Invariants: a shard is at hand in one place at most; whoever came first is served first, as far as bundles,
/// circles and turns allow; who gets nothing is told why; under the feed's lock the database is asked for nothing
/// but a storage's terms. It knows agents, and how fast they are, but no lease.
package org.picket.coordinator.feed;
