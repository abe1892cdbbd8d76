package org.picket.runtime.channel;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The agent's end of a stream, which takes frames as fast as the agent does. One thread sends.
public final class FrameSink {
    /// Bytes waiting in the transport below which it counts as ready.
    private static final int READY_BYTES = 512 * 1_024;

    /// Views sent without looking once it is ready. Waking the sender for each would cost as much as sending it.
    private static final int BURST_FRAMES = 10;

    private final ServerCallStreamObserver<ViewFrame> observer;
    private final Duration stall;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean over;
    private int credit;

    /// To be made before the call's handler returns.
    ///
    /// @param stall how long the agent may take nothing
    public FrameSink(ServerCallStreamObserver<ViewFrame> observer, Duration stall) {
        this.observer = observer;
        this.stall = stall;
        observer.setOnReadyThreshold(READY_BYTES);
        observer.setOnReadyHandler(this::signal);
        observer.setOnCancelHandler(this::end);
    }

    /// Whether the agent is gone, or the stream was ended.
    public boolean over() {
        return over;
    }

    /// Waits until the agent takes more, and sends.
    ///
    /// @throws io.grpc.StatusRuntimeException where the agent is gone or took nothing for too long
    public void send(ViewFrame frame) throws InterruptedException {
        if (credit <= 0) {
            if (!observer.isReady()) {
                awaitReady();
            }
            credit = BURST_FRAMES;
        }
        credit--;
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

    /// Ends the stream well.
    public void complete() {
        if (!over) {
            observer.onCompleted();
        }
        end();
    }

    /// Ends the stream with a reason.
    public void fail(Status status) {
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
}
