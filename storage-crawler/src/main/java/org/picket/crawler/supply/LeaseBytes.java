package org.picket.crawler.supply;

import java.util.function.BooleanSupplier;

/// Bytes of objects and views held for one lease. An object that has more than a lease may hold is let in alone, once
/// the process has room for the rest of it, which it keeps until it is decoded. Safe for any number of threads, of
/// which one takes.
final class LeaseBytes {
    private final long limit;
    private final ByteBudget own;
    private final Commons.Large large;
    private long beyond;

    LeaseBytes(long limit, Commons.Large large) {
        this.limit = limit;
        this.own = new ByteBudget(limit);
        this.large = large;
    }

    /// Waits until the lease has room for an object, and takes it.
    ///
    /// @return whether it was taken; not where the wait became pointless
    boolean take(long bytes, BooleanSupplier pointless) throws InterruptedException {
        return own.take(bytes, pointless);
    }

    /// Waits until the process has room for what an object that was taken has beyond that.
    ///
    /// @return whether it has; not where the wait became pointless
    boolean takeLarge(long bytes, BooleanSupplier pointless) throws InterruptedException {
        long more = bytes - limit;
        if (more <= 0) {
            return true;
        }
        if (!large.take(more, pointless)) {
            return false;
        }
        synchronized (this) {
            beyond = more;
        }
        return true;
    }

    /// An object is decoded, or will never be. While a large one is on its way there is no other one.
    ///
    /// @param taken for it
    /// @param held by what it came to
    void done(long taken, long held) {
        own.correct(held - taken);
        long given;
        synchronized (this) {
            given = beyond;
            beyond = 0;
        }
        if (given > 0) {
            large.give(given);
        }
    }

    /// Views are sent.
    void give(long bytes) {
        own.give(bytes);
    }
}
