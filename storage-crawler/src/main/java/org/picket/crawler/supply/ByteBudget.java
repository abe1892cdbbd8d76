package org.picket.crawler.supply;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// Bytes held, for one lease or for what several share. What is larger than the whole budget is let in alone. Safe for
/// any number of threads.
final class ByteBudget {
    private static final long LOOK_AGAIN_MILLIS = 50;

    private final long limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private long held;

    ByteBudget(long limit) {
        this.limit = limit;
    }

    /// Waits until there is room, and takes it.
    ///
    /// @return whether it was taken; not where the wait became pointless
    boolean take(long bytes, BooleanSupplier pointless) throws InterruptedException {
        lock.lock();
        try {
            while (held > 0 && held + bytes > limit) {
                if (pointless.getAsBoolean()) {
                    return false;
                }
                freed.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            }
            held += bytes;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Corrects what was taken by an estimate. Never waits: an object that turned out to have many views keeps
    /// the next ones out in return.
    void correct(long difference) {
        lock.lock();
        try {
            held += difference;
            if (difference < 0) {
                freed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void give(long bytes) {
        correct(-bytes);
    }

    long held() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }
}
