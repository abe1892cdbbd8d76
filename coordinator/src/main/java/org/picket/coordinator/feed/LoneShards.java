package org.picket.coordinator.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.shard.ClaimedShard;

/// Shards of one listing of which the next object stands alone, by number: until when each is kept from the operators
/// whose agents failed on it, for those of others that are there. Guarded by the lock of [Feeds].
///
/// After each failure it is kept for longer, and never for ever: whoever is there may have its hands full.
final class LoneShards {
    /// Beyond so many, no further one is kept from anybody.
    static final int MANY = 4_096;

    private final Map<Integer, Kept> kept = new HashMap<>();

    /// @param ruled objects before the one
    /// @param attempts on it
    private record Kept(int ruled, int attempts, Instant until) {
        boolean of(ClaimedShard shard) {
            return ruled == shard.past().ruled() && attempts == shard.trial().attempts();
        }
    }

    /// Whether a shard stands alone, and agents of that operator failed on it.
    static boolean concerns(ClaimedShard shard, OwnerId operator) {
        return shard.trial().failedOwners().contains(operator);
    }

    /// Keeps a shard from those that failed on it, from when it is looked at first after a failure.
    ///
    /// @param once for how long after the first failure
    /// @return whether it still is
    boolean keeps(ClaimedShard shard, Duration once, Instant now) {
        if (kept.size() >= MANY && !kept.containsKey(shard.key().number())) {
            return false;
        }
        return kept.compute(
                        shard.key().number(),
                        (_, before) -> before != null && before.of(shard)
                                ? before
                                : new Kept(
                                        shard.past().ruled(),
                                        shard.trial().attempts(),
                                        now.plus(once.multipliedBy(shard.trial().attempts()))))
                .until()
                .isAfter(now);
    }

    /// Whether that shard is kept from an operator.
    boolean runs(ClaimedShard shard, OwnerId operator, Instant now) {
        Kept of = kept.get(shard.key().number());
        return of != null && of.of(shard) && of.until().isAfter(now) && concerns(shard, operator);
    }
}
