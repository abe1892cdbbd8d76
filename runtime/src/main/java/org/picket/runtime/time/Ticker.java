package org.picket.runtime.time;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Spans within one process, for what is paced: it knows no instants, and no clock that is set moves it. Safe for any
/// number of threads.
public interface Ticker {
    /// Nanoseconds since some moment; they may be negative.
    long nanos();

    /// Has something done once so much has passed. It must not block.
    void after(Duration span, Runnable what);

    /// This process's.
    static Ticker system() {
        return new Ticker() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void after(Duration span, Runnable what) {
                CompletableFuture.delayedExecutor(span.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                        .execute(what);
            }
        };
    }
}
