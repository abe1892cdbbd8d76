package org.picket.coordinator.artifact;

/// Bytes a second that several transfers share, first come, first served. Safe for any number of threads.
final class Pace {
    private static final double NANOS = 1e9;

    private final long bytesPerSecond;
    private long freeAt = Long.MIN_VALUE;

    Pace(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /// Takes the next bytes' turn.
    ///
    /// @param nowNanos of a clock that only goes forward
    /// @return nanoseconds until they may go out
    synchronized long take(int bytes, long nowNanos) {
        long begins = freeAt == Long.MIN_VALUE || freeAt - nowNanos < 0 ? nowNanos : freeAt;
        freeAt = begins + (long) (bytes * NANOS / bytesPerSecond);
        return begins - nowNanos;
    }
}
