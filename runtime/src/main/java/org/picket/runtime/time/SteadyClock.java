package org.picket.runtime.time;

import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The clock on the wall, which people and the network set, made fit to count spans by: it never runs
/// backwards. Where the wall is set ahead, or the machine has slept, it follows at once; where the wall is set
/// back, it goes on a little slower than time does, until the wall has caught up. Safe for any number of
/// threads.
final class SteadyClock implements TimeSource {
    /// One for the whole process, so that no two parts of it disagree.
    static final SteadyClock SYSTEM = new SteadyClock(java.time.Clock.systemUTC()::instant, System::nanoTime);

    /// Of the pace of time, in tenths: what is due is late by a tenth at most, and ten minutes are made up in
    /// less than two hours.
    private static final long SLOW_TENTHS = 9;

    private final Supplier<Instant> wall;
    private final LongSupplier nanos;
    private Instant last;
    private long lastNanos;

    /// @param nanos as [System#nanoTime]
    SteadyClock(Supplier<Instant> wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        this.last = wall.get();
        this.lastNanos = nanos.getAsLong();
    }

    @Override
    public synchronized Instant now() {
        long nanosNow = nanos.getAsLong();
        Instant told = wall.get();
        Instant least = last.plusNanos(Math.max(0, nanosNow - lastNanos) / 10 * SLOW_TENTHS);
        last = told.isAfter(least) ? told : least;
        lastNanos = nanosNow;
        return last;
    }
}
