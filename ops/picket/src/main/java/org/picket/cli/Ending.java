package org.picket.cli;

import io.grpc.Context;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Whether the work of a process goes on. Safe for any number of threads.
final class Ending {
    private final Context.CancellableContext calls = Context.current().withCancellation();
    private final CountDownLatch stopped = new CountDownLatch(1);

    /// The work is to end soon: whoever pauses goes on, and calls under way end.
    void stop() {
        stopped.countDown();
        calls.cancel(null);
    }

    boolean goesOn() {
        return stopped.getCount() > 0;
    }

    /// Waits that long, or until the work is to end.
    void pause(Duration longest) throws InterruptedException {
        stopped.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Makes calls that end with the work.
    <T> T calling(Supplier<T> work) {
        Context previous = calls.attach();
        try {
            return work.get();
        } finally {
            calls.detach(previous);
        }
    }
}
