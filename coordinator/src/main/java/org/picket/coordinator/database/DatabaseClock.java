package org.picket.coordinator.database;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The database's clock, read without asking the database every time.
///
/// A resync asks the database for its time and keeps the middle of the round trip; between resyncs this
/// process's monotonic counter carries on from there, so a step of this machine's wall clock is never seen. A
/// difference found at a resync is worked off evenly until the next one. Ahead by more than a second, time
/// jumps to the database's, because every coordinator must agree; it never runs backward: behind by any amount,
/// it runs at half speed until it agrees.
///
/// What counts spans within this process, such as the life of a lease, goes by [#steady]: a step would end them all.
///
/// Safe for any number of threads; [#now] never blocks.
public final class DatabaseClock implements TimeSource {
    /// How long lies between two resyncs.
    static final Duration RESYNC_EVERY = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseClock.class);
    private static final Duration LARGEST_SLEW_FORWARD = Duration.ofSeconds(1);
    private static final Duration LARGEST_SLEW_BACK = RESYNC_EVERY.dividedBy(2).negated();
    private static final Duration LONGEST_ROUND_TRIP = Duration.ofMillis(250);
    private static final int PROBES = 3;

    private final Supplier<Instant> databaseTime;
    private final LongSupplier nanos;
    private final AtomicReference<Course> course;
    private final TimeSource steady;

    /// @param databaseTime asks the database for its `clock_timestamp()`
    /// @param nanos a monotonic counter
    DatabaseClock(Supplier<Instant> databaseTime, LongSupplier nanos) {
        this.databaseTime = databaseTime;
        this.nanos = nanos;
        Reading first = probe();
        Course free = new Course(first.at(), first.nanos(), Duration.ZERO);
        this.course = new AtomicReference<>(free);
        this.steady = () -> free.at(nanos.getAsLong());
    }

    @Override
    public Instant now() {
        return course.get().at(nanos.getAsLong());
    }

    /// The counter alone, from the database's time at the start on: no resync bends it.
    @Override
    public TimeSource steady() {
        return steady;
    }

    /// What a resync did.
    sealed interface Resync {
        /// @param difference how far the database is ahead, worked off until the next resync; negative: behind
        record Slewed(Duration difference) implements Resync {}

        /// @param difference by how much time just jumped
        record Stepped(Duration difference) implements Resync {}

        /// Every answer came too late to tell the time by: the old course holds.
        record Refused(Duration roundTrip) implements Resync {}
    }

    /// Asks the database, at most three times, and corrects the course by the quickest answer.
    synchronized Resync resync() {
        Reading best = probe();
        for (int i = 1; i < PROBES; i++) {
            Reading next = probe();
            if (next.roundTrip().compareTo(best.roundTrip()) < 0) {
                best = next;
            }
        }
        if (best.roundTrip().compareTo(LONGEST_ROUND_TRIP) > 0) {
            LOG.warn(
                    "clock: the database took {} ms to tell the time; keeping the old course",
                    best.roundTrip().toMillis());
            return new Resync.Refused(best.roundTrip());
        }
        Instant ours = course.get().at(best.nanos());
        Duration difference = Duration.between(ours, best.at());
        if (difference.compareTo(LARGEST_SLEW_FORWARD) > 0) {
            LOG.warn("clock: the database's clock moved ahead by {} ms; following it", difference.toMillis());
            course.set(new Course(best.at(), best.nanos(), Duration.ZERO));
            return new Resync.Stepped(difference);
        }
        long start = nanos.getAsLong();
        Duration slew = difference.compareTo(LARGEST_SLEW_BACK) < 0 ? LARGEST_SLEW_BACK : difference;
        if (!slew.equals(difference)) {
            LOG.warn("clock: the database's clock moved back by {} ms; slowing down", -difference.toMillis());
        }
        course.set(new Course(course.get().at(start), start, slew));
        return new Resync.Slewed(difference);
    }

    private Reading probe() {
        long before = nanos.getAsLong();
        Instant at = databaseTime.get();
        long after = nanos.getAsLong();
        return new Reading(at, before + (after - before) / 2, Duration.ofNanos(after - before));
    }

    private record Reading(Instant at, long nanos, Duration roundTrip) {}

    /// A straight line of time from `base` at `start`, bent by `difference` over the next interval.
    private record Course(Instant base, long start, Duration difference) {
        Instant at(long nanos) {
            long elapsed = nanos - start;
            double share = Math.clamp((double) elapsed / RESYNC_EVERY.toNanos(), 0.0, 1.0);
            return base.plusNanos(elapsed + (long) (difference.toNanos() * share));
        }
    }
}
