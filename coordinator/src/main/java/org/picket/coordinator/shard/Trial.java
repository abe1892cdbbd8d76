package org.picket.coordinator.shard;

import java.util.Set;
import org.picket.coordinator.fleet.OwnerId;

/// How far the search for an object that breaks leases has come.
///
/// @param take objects of the next lease; 0: all that are left
/// @param attempts leases that failed on one object standing alone
/// @param failedOwners whose leases these were
public record Trial(int take, int attempts, Set<OwnerId> failedOwners) {
    /// Nothing has failed.
    public static final Trial NONE = new Trial(0, 0, Set.of());

    public Trial {
        if (take < 0 || attempts < 0) {
            throw new IllegalArgumentException("counts are not negative");
        }
        failedOwners = Set.copyOf(failedOwners);
    }

    /// After a success: twice as many, so that a sound rest is soon leased whole again.
    Trial grown() {
        return take == 0 || take > ShardRules.WHOLE ? NONE : new Trial(take * 2, 0, Set.of());
    }
}
