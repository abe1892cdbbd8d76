package org.picket.crawler.supply;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.picket.crawler.match.HeldLists;
import org.picket.runtime.time.Pace;

/// What the supplies of one process share: decoders, the line to agents, hash lists, and the heap for objects that are
/// larger than what a lease may hold. Safe for any number of threads.
public final class Commons {
    /// Beside what leases may hold, so that eight of them can have an object of 64 MiB at once.
    private static final long LARGE_BYTES = 256L * 1_024 * 1_024;

    private final ObjectDecoder decoder;
    private final Optional<Pace> sent;
    private final ByteBudget large;
    private final HeldLists lists = new HeldLists();

    private Commons(ObjectDecoder decoder, Optional<Pace> sent, long largeBytes) {
        this.decoder = decoder;
        this.sent = sent;
        this.large = new ByteBudget(largeBytes);
    }

    /// @param decoder called by as many threads of each supply as its settings say
    /// @param limits of which what is sent is bounded here; what is read, each storage bounds for itself
    public static Commons of(ObjectDecoder decoder, SiteLimits limits) {
        return of(decoder, limits, LARGE_BYTES);
    }

    static Commons of(ObjectDecoder decoder, SiteLimits limits, long largeBytes) {
        return new Commons(
                decoder,
                limits.sendBytesPerSecond().isPresent()
                        ? Optional.of(new Pace(limits.sendBytesPerSecond().getAsLong()))
                        : Optional.empty(),
                largeBytes);
    }

    ObjectDecoder decoder() {
        return decoder;
    }

    /// What is in force for its storages.
    public HeldLists lists() {
        return lists;
    }

    /// In which all views go out.
    Optional<Pace> sent() {
        return sent;
    }

    /// One supply's part of the heap for large objects.
    Large large() {
        return new Large();
    }

    /// What one supply holds of it, and gives back at its end, whatever became of the objects.
    final class Large implements AutoCloseable {
        private long held;
        private boolean closed;

        private Large() {}

        /// Waits until there is room, and takes it.
        ///
        /// @return whether it was taken; not where the wait became pointless
        boolean take(long bytes, BooleanSupplier pointless) throws InterruptedException {
            if (!large.take(bytes, () -> closed() || pointless.getAsBoolean())) {
                return false;
            }
            synchronized (this) {
                held += bytes;
                if (!closed) {
                    return true;
                }
            }
            give(bytes);
            return false;
        }

        void give(long bytes) {
            long given;
            synchronized (this) {
                given = Math.min(bytes, held);
                held -= given;
            }
            large.give(given);
        }

        private synchronized boolean closed() {
            return closed;
        }

        @Override
        public void close() {
            synchronized (this) {
                closed = true;
            }
            give(Long.MAX_VALUE);
        }
    }
}
