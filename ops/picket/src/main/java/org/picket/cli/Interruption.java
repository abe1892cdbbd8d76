package org.picket.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Ctrl-C, or the request of the system to end: the command stops in good order, says what is left, and only
/// then the process ends. A second Ctrl-C is not waited for by the system, so the wait is bounded.
final class Interruption implements AutoCloseable {
    private static final long LONGEST_SECONDS = 45;

    private final CountDownLatch came = new CountDownLatch(1);
    private final CountDownLatch settled = new CountDownLatch(1);
    private final AtomicInteger status = new AtomicInteger(Exit.INCOMPLETE);
    private final Thread hook;

    private Interruption() {
        hook = new Thread(this::come, "interruption");
    }

    static Interruption listen() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    boolean came() {
        return came.getCount() == 0;
    }

    /// The status with which the process ends, if it is ending.
    void endWith(int exit) {
        status.set(exit);
    }

    private void come() {
        came.countDown();
        try {
            if (settled.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                System.out.flush();
                System.err.flush();
                Runtime.getRuntime().halt(status.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

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
