package org.picket.runtime.lifecycle;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Ctrl-C, or the request of the system to end (SIGINT, SIGTERM, SIGHUP): the process stops in good order, says
/// what is left, and only then ends, with the status that it names. A second Ctrl-C is not waited for by the
/// system, so the wait is bounded.
///
/// ```
/// try (Interruption interruption = Interruption.listen(parts::drain)) {
///     …                                // or interruption.await(), where there is nothing to do but to serve
///     interruption.endWith(status);
/// }
/// ```
public final class Interruption implements AutoCloseable {
    /// Below the minute and a half after which service managers kill.
    public static final Duration LONGEST = Duration.ofSeconds(75);

    private static final int UNSETTLED = 1;

    private final CountDownLatch came = new CountDownLatch(1);
    private final CountDownLatch settled = new CountDownLatch(1);
    private final AtomicInteger status = new AtomicInteger(UNSETTLED);
    private final Runnable asked;
    private final Thread hook;

    private Interruption(Runnable asked) {
        this.asked = asked;
        this.hook = new Thread(this::come, "interruption");
    }

    /// Listens from now on, until it is closed.
    ///
    /// @param asked told once, on a thread of its own, that the process is to end; returns soon
    public static Interruption listen(Runnable asked) {
        Interruption interruption = new Interruption(asked);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /// Whether the process was asked to end.
    public boolean came() {
        return came.getCount() == 0;
    }

    /// Waits until the process is asked to end, but not longer than asked.
    ///
    /// @return whether it was
    public boolean came(Duration longest) throws InterruptedException {
        return came.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Waits until the process is asked to end.
    public void await() throws InterruptedException {
        came.await();
    }

    /// The status with which the process ends, if it is ending.
    public void endWith(int exit) {
        status.set(exit);
    }

    private void come() {
        try {
            try {
                asked.run();
            } finally {
                came.countDown();
            }
            if (settled.await(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                System.out.flush();
                System.err.flush();
                Runtime.getRuntime().halt(status.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Everything has stopped: a process that was asked to end may end.
    @Override
    public void close() {
        settled.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending: the hook runs, and does what remains.
        }
    }
}
