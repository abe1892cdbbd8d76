package org.picket.coordinator.shard;

import java.util.Set;
import org.picket.coordinator.fleet.OwnerId;

/// How far the search for an object that breaks leases has come.
///
/// @param take objects of the next lease; 0: all that are left
/// @param attempts leases that failed on one object standing alone
/// @param failedOwners whose leases these were
/// @param successes leases of this size that succeeded one after the other
public record Trial(int take, int attempts, Set<OwnerId> failedOwners, int successes) {
    /// Nothing has failed.
    public static final Trial NONE = new Trial(0, 0, Set.of(), 0);

    public Trial {
        if (take < 0 || attempts < 0 || successes < 0) {
            throw new IllegalArgumentException("counts are not negative");
        }
        failedOwners = Set.copyOf(failedOwners);
    }

    /// The next lease is for so many objects.
    static Trial of(int take) {
        return new Trial(take, 0, Set.of(), 0);
    }

    /// After a success: the other half of what failed is of the same size; beyond it, twice as many, so that a
    /// sound rest is soon leased whole again.
    Trial afterSuccess() {
        if (take == 0) {
            return NONE;
        }
        if (successes == 0) {
            return new Trial(take, 0, Set.of(), 1);
        }
        return take >= ShardRules.WHOLE ? NONE : of(take * 2);
    }

    /// After objects of a lease were ruled: what is left of it has not failed yet.
    public Trial afterProgress() {
        return new Trial(take, 0, Set.of(), successes);
    }
}
