package org.picket.runtime.membership;

import java.time.Duration;
import java.time.Instant;

/// When a certificate is asked for next: as soon as one of two clocks says so. That of the process stands still while
/// a laptop sleeps, though the certificate ends; the one on the wall may be set back.
///
/// @param wall by the clock on the wall
/// @param nanos by [System#nanoTime]
record Renewal(Instant wall, long nanos) {
    static Renewal after(Duration pause, Instant now, long nanos) {
        return new Renewal(now.plus(pause), nanos + pause.toNanos());
    }

    boolean isDue(Instant now, long nanosNow) {
        return !now.isBefore(wall) || nanosNow - nanos >= 0;
    }
}
