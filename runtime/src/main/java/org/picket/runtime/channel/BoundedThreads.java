package org.picket.runtime.channel;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Virtual threads, but only so many at once; what is beyond waits in line.
public final class BoundedThreads {
    /// The longest line; beyond it work is refused, which its sender sees.
    private static final int LINE = 16_384;

    private static final long IDLE_SECONDS = 30;

    private BoundedThreads() {}

    /// An executor whose tasks may block.
    ///
    /// @param name begins the name of each thread
    /// @param limit the most threads
    public static ExecutorService virtual(String name, int limit) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                limit,
                limit,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(LINE),
                Thread.ofVirtual().name(name + "-", 0).factory());
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /// Platform threads, for work that computes or that holds on to its carrier, such as reading files.
    ///
    /// @param name begins the name of each thread
    /// @param limit the most threads
    public static ExecutorService platform(String name, int limit) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                limit,
                limit,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(LINE),
                Thread.ofPlatform().name(name + "-", 0).daemon(true).factory());
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
