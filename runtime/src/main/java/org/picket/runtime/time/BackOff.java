package org.picket.runtime.time;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// How long to wait before something that failed is tried again: twice as long after each failure in a row.
///
/// @param first after one failure
/// @param longest after however many
public record BackOff(Duration first, Duration longest) {
    private static final int MOST_DOUBLINGS = 30;

    public BackOff {
        if (first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("no pause is negative, or longer than the longest");
        }
    }

    /// @param failures in a row; without any as after one
    public Duration whole(int failures) {
        Duration doubled = first.multipliedBy(1L << Math.clamp(failures - 1L, 0, MOST_DOUBLINGS));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }

    /// Between half and all of it, at random, so that those who failed together do not come back together.
    public Duration jittered(int failures) {
        return jittered(failures, ThreadLocalRandom.current().nextDouble());
    }

    /// As the other one.
    ///
    /// @param chance from 0 to 1
    public Duration jittered(int failures, double chance) {
        long nanos = whole(failures).toNanos();
        return Duration.ofNanos(nanos / 2 + (long) (nanos / 2 * chance));
    }
}
