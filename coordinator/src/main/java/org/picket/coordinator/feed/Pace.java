package org.picket.coordinator.feed;

import java.time.Duration;

/// How an agent works.
///
/// @param objectsPerSecond ruled by its reports, of late; 0 while unknown
/// @param proven whether it has completed a lease since one of its failed
public record Pace(double objectsPerSecond, boolean proven) {
    /// Of whom nothing is known.
    public static final Pace UNKNOWN = new Pace(0, false);

    /// Of the fastest one's pace: who has so much is fast, too.
    private static final double FAST = 0.5;

    private static final double NANOS = 1e9;
    private static final double LONGEST_SECONDS = Duration.ofDays(1).toSeconds();

    /// Whether it was measured.
    public boolean known() {
        return objectsPerSecond > 0;
    }

    /// Whether it is proven, and fast beside the fastest one.
    ///
    /// @param fastest in objects/s
    public boolean fast(double fastest) {
        return proven && known() && objectsPerSecond >= fastest * FAST;
    }

    /// How long so many objects take, a day at most.
    public static Duration time(double objects, double objectsPerSecond) {
        return Duration.ofNanos((long) (Math.min(objects / objectsPerSecond, LONGEST_SECONDS) * NANOS));
    }
}
