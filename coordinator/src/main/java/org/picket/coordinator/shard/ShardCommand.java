package org.picket.coordinator.shard;

import java.util.Set;
import org.picket.coordinator.fleet.OwnerId;

/// What may happen to a shard.
public sealed interface ShardCommand {
    /// A coordinator takes it to lease it.
    record Claim(Fence fence) implements ShardCommand {}

    /// Objects of its lease were ruled.
    ///
    /// @param leaseOver no object of the lease is left
    /// @param shardOver none of the shard either
    record Rule(Fence fence, boolean leaseOver, boolean shardOver) implements ShardCommand {}

    /// The lease failed: it expired, stood still, or was given back for a fault.
    ///
    /// @param owner of the agent
    /// @param unruled objects supplied to it and not ruled; 0: the fault lies before the agent
    /// @param left objects of the lease not ruled, as far as is known, at least `unruled`
    /// @param owners distinct owners of agents in the fleet
    /// @param there owners of agents that could have the next lease; told where one object is left
    record Fail(Fence fence, OwnerId owner, int unruled, int left, int owners, Set<OwnerId> there)
            implements ShardCommand {
        public Fail {
            there = Set.copyOf(there);
        }
    }

    /// The lease ended for no fault: the agent stops, the storage stops, the coordinator went away.
    record Return(Fence fence) implements ShardCommand {}
}
