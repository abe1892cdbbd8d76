package org.picket.coordinator.lease;

import org.picket.coordinator.shard.ShardState;

/// Rulings that need no agent's word. The lease's lock is held by the caller.
public interface SystemRulings {
    /// Rules the next object of a lease, because it breaks agents, and ends the lease: INCONCLUSIVE, unless a list or
    /// what was told of it decides without them.
    ///
    /// @param after the shard's state then
    /// @return whether it was written
    boolean poison(Lease lease, ShardState after);

    /// Ends a lease of which no object is left, none being unruled.
    ///
    /// @return whether it was written
    boolean finish(Lease lease);
}
