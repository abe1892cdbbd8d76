package org.picket.crawler.supply;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.picket.runtime.time.Pace;

/// Holds a crawler to what its site allows. Leases take turns in the order in which they ask, and each asks for one
/// object or view at a time: so none of them stands behind all of another's. Safe for any number of threads.
final class Brake {
    /// Between two looks at whether whoever waits has become pointless.
    private static final long LONGEST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /// A clock, and how to wait by it.
    interface Clock {
        /// As [System#nanoTime].
        long nanos();

        /// Waits for so long, or less.
        void pause(long nanos) throws InterruptedException;

        /// This machine's.
        static Clock system() {
            return new Clock() {
                @Override
                public long nanos() {
                    return System.nanoTime();
                }

                @Override
                public void pause(long nanos) throws InterruptedException {
                    TimeUnit.NANOSECONDS.sleep(nanos);
                }
            };
        }
    }

    private final Optional<Pace> objects;
    private final Optional<Pace> read;
    private final Optional<Pace> sent;
    private final Clock clock;

    /// @param limits of which what is read is bounded here
    /// @param commons bounds what is sent
    Brake(SiteLimits limits, Commons commons, Clock clock) {
        this.objects = pace(limits.objectsPerSecond());
        this.read = pace(limits.readBytesPerSecond());
        this.sent = commons.sent();
        this.clock = clock;
    }

    private static Optional<Pace> pace(OptionalLong perSecond) {
        return perSecond.isPresent() ? Optional.of(new Pace(perSecond.getAsLong())) : Optional.empty();
    }

    /// Waits until an object may be read.
    ///
    /// @param pointless asked again and again while it waits
    /// @return whether it may; not where the wait became pointless
    boolean read(long bytes, BooleanSupplier pointless) throws InterruptedException {
        return await(objects, 1, pointless) && await(read, bytes, pointless);
    }

    /// Waits until a view may be sent, likewise.
    boolean send(long bytes, BooleanSupplier pointless) throws InterruptedException {
        return await(sent, bytes, pointless);
    }

    private boolean await(Optional<Pace> bound, long amount, BooleanSupplier pointless) throws InterruptedException {
        if (bound.isEmpty()) {
            return true;
        }
        Pace pace = bound.get();
        long asked = clock.nanos();
        long wait = pace.take(amount, asked);
        for (long left = wait; left > 0; left = wait - (clock.nanos() - asked)) {
            if (pointless.getAsBoolean()) {
                pace.giveBack(amount);
                return false;
            }
            clock.pause(Math.min(left, LONGEST_LOOK_NANOS));
        }
        return true;
    }
}
