package org.picket.coordinator.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.picket.coordinator.shard.ClaimedShard;

/// Until when shards of one listing are kept for agents that are better at them, by number: also where those come and
/// give them back. Guarded by the lock of [Feeds].
///
/// The time of all that are at hand begins at once: of slow agents that wait beside each other, each gets one when it
/// is over.
final class KeptShards {
    /// Beyond so many, those whose time is over are forgotten.
    static final int MANY = 4_096;

    private final Map<Integer, Instant> until = new HashMap<>();

    /// Whether a shard is kept from an agent; if not, it is the agent's, and forgotten.
    ///
    /// @param atHand shards, that one among them
    /// @param keep for how long each is kept from the agent
    boolean keeps(
            ClaimedShard shard, Collection<ClaimedShard> atHand, Function<ClaimedShard, Duration> keep, Instant now) {
        if (!keep.apply(shard).isPositive()) {
            return false;
        }
        if (until.size() > MANY) {
            until.values().removeIf(end -> !end.isAfter(now));
        }
        for (ClaimedShard each : atHand) {
            Duration time = keep.apply(each);
            if (time.isPositive()) {
                until.putIfAbsent(number(each), now.plus(time));
            }
        }
        if (runs(shard, now)) {
            return true;
        }
        until.remove(number(shard));
        return false;
    }

    /// Whether one of these is kept from somebody.
    boolean any(Collection<ClaimedShard> shards, Instant now) {
        return shards.stream().anyMatch(shard -> runs(shard, now));
    }

    private boolean runs(ClaimedShard shard, Instant now) {
        return until.getOrDefault(number(shard), Instant.MIN).isAfter(now);
    }

    /// Shards that it remembers.
    int size() {
        return until.size();
    }

    private static int number(ClaimedShard shard) {
        return shard.key().number();
    }
}
