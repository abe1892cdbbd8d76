package org.picket.coordinator.shard;

import java.util.Optional;

/// A shard that this coordinator holds, ready to be leased or leased.
///
/// @param key the shard
/// @param firstKey its first key
/// @param lastKey its last key, included
/// @param objects as listed
/// @param fence of the lease to be
/// @param trial how much of it to lease
/// @param past what was ruled before
/// @param followUp what it is, where its objects wait for a further bundle
public record ClaimedShard(
        ShardKey key,
        String firstKey,
        String lastKey,
        int objects,
        Fence fence,
        Trial trial,
        RuledPast past,
        Optional<FollowUp> followUp) {
    /// A slice of a listing.
    public ClaimedShard(
            ShardKey key, String firstKey, String lastKey, int objects, Fence fence, Trial trial, RuledPast past) {
        this(key, firstKey, lastKey, objects, fence, trial, past, Optional.empty());
    }

    /// The same shard, with its waiting objects.
    ClaimedShard of(FollowUp one) {
        return new ClaimedShard(key, firstKey, lastKey, objects, fence, trial, past, Optional.of(one));
    }

    /// Objects of its next lease, as far as is known; at least 1.
    public int leaseObjects() {
        int left = Math.max(1, objects - past.ruled());
        return trial.take() == 0 ? left : Math.min(left, trial.take());
    }

    @Override
    public String toString() {
        return "ClaimedShard[" + key + "]";
    }
}
