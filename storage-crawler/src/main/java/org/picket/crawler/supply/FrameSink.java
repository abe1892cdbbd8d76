package org.picket.crawler.supply;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.picket.runtime.channel.ViewFrame;

/// The agent's end of a stream, which takes frames as fast as the agent does. One thread sends.
final class FrameSink {
    /// Bytes that may wait in the transport before it counts as not ready: enough to keep a fast link busy between two
    /// looks.
    private static final int READY_BYTES = 2 * 1_024 * 1_024;

    private final ServerCallStreamObserver<ViewFrame> observer;
    private final Duration stall;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean over;

    /// To be made before the call's handler returns.
    FrameSink(ServerCallStreamObserver<ViewFrame> observer, Duration stall) {
        this.observer = observer;
        this.stall = stall;
        observer.setOnReadyThreshold(READY_BYTES);
        observer.setOnReadyHandler(this::signal);
        observer.setOnCancelHandler(this::end);
    }

    /// Whether the agent is gone, or the stream was ended.
    boolean over() {
        return over;
    }

    /// Waits until the agent takes more, and sends.
    ///
    /// @throws io.grpc.StatusRuntimeException where the agent is gone or took nothing for too long
    void send(ViewFrame frame) throws InterruptedException {
        if (!observer.isReady()) {
            awaitReady();
        }
        if (over) {
            throw Status.CANCELLED.withDescription("the agent is gone").asRuntimeException();
        }
        observer.onNext(frame);
    }

    private void awaitReady() throws InterruptedException {
        lock.lock();
        try {
            long left = stall.toNanos();
            while (!observer.isReady() && !over) {
                if (left <= 0) {
                    throw Status.ABORTED
                            .withDescription("the agent took no view for " + stall.toSeconds() + " s")
                            .asRuntimeException();
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    void complete() {
        if (!over) {
            observer.onCompleted();
        }
        end();
    }

    void fail(Status status) {
        if (!over) {
            observer.onError(status.asRuntimeException());
        }
        end();
    }

    private void end() {
        over = true;
        signal();
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// How long a wait within the stream lasts before it looks whether the stream is over.
    static long lookAgain(TimeUnit unit) {
        return unit.convert(50, TimeUnit.MILLISECONDS);
    }
}
