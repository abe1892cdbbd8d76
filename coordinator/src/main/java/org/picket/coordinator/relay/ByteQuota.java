package org.picket.coordinator.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// Bytes that each of many may have within a day. What was used comes back evenly, so that there is no hour at
/// which all begin anew. Held in memory alone: a coordinator that is started anew has forgotten it.
///
/// Safe for any number of threads.
///
/// @param <T> whose bytes they are
final class ByteQuota<T> {
    private static final Duration DAY = Duration.ofDays(1);

    private final long most;
    private final Map<T, Used> used = new HashMap<>();

    private record Used(double bytes, Instant at) {}

    /// @param most bytes within a day
    ByteQuota(long most) {
        this.most = most;
    }

    /// Bytes within a day.
    long most() {
        return most;
    }

    /// Whether any are left.
    synchronized boolean left(T whose, Instant now) {
        return now(whose, now) < most;
    }

    /// Takes bytes; the last ones may be more than were left.
    synchronized void take(T whose, long bytes, Instant now) {
        used.put(whose, new Used(now(whose, now) + bytes, now));
    }

    private double now(T whose, Instant now) {
        Used before = used.get(whose);
        if (before == null) {
            return 0;
        }
        double back = most * (double) Duration.between(before.at(), now).toMillis() / DAY.toMillis();
        return Math.max(0, before.bytes() - Math.max(0, back));
    }

    /// Forgets those who have all of theirs again.
    synchronized void sweep(Instant now) {
        used.keySet().removeIf(whose -> now(whose, now) == 0);
    }

    /// Those who are remembered.
    synchronized int size() {
        return used.size();
    }
}
