package org.picket.coordinator.shard;

/// Where a shard stands.
public sealed interface ShardState {
    /// Waits for a lease.
    record Open(Trial trial) implements ShardState {}

    /// One lease holds it.
    record Leased(Trial trial, Fence fence) implements ShardState {}

    /// Each of its objects is ruled: final.
    record Ruled() implements ShardState {}
}
