package org.picket.runtime.channel;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The agent's end of a stream, which takes frames as fast as the agent does. One thread sends.
///
/// Frames wait in a short line. Where the transport is the slower one, its own thread takes them from there: a
/// view is then copied into a buffer by the thread that writes and frees that buffer, which costs half of what
/// it costs across threads. Where the sender is the slower one, it passes its frame on itself.
public final class FrameSink {
    /// Frames that wait. The sender is woken when half of them are gone: waking it for each would cost as much
    /// as sending.
    private static final int LINE = 16;

    private final FrameOutlet outlet;
    private final Duration stall;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<ViewFrame> line = new ArrayDeque<>(LINE);
    private final AtomicInteger passes = new AtomicInteger();
    private Optional<Status> end = Optional.empty();
    private boolean closed;
    private volatile boolean over;
    private volatile boolean gone;

    /// @param outlet used by this sink alone
    /// @param stall how long the agent may take nothing
    public FrameSink(FrameOutlet outlet, Duration stall) {
        this.outlet = outlet;
        this.stall = stall;
        outlet.listen(this::pass, this::leave);
    }

    /// Whether the agent is gone, or the stream was ended.
    public boolean over() {
        return over;
    }

    /// Waits until there is room, and sends.
    ///
    /// @throws io.grpc.StatusRuntimeException where the agent is gone or took nothing for too long
    public void send(ViewFrame frame) throws InterruptedException {
        lock.lock();
        try {
            if (line.size() >= LINE) {
                awaitRoom();
            }
            if (over) {
                throw Status.CANCELLED.withDescription("the agent is gone").asRuntimeException();
            }
            line.add(frame);
        } finally {
            lock.unlock();
        }
        pass();
    }

    private void awaitRoom() throws InterruptedException {
        long left = stall.toNanos();
        while (line.size() > LINE / 2 && !over) {
            if (left <= 0) {
                throw Status.ABORTED
                        .withDescription("the agent took no view for " + stall.toSeconds() + " s")
                        .asRuntimeException();
            }
            left = changed.awaitNanos(left);
        }
    }

    /// Ends the stream well, once what waits is sent.
    public void complete() {
        end(Status.OK);
    }

    /// Ends the stream with a reason; what waits is not sent.
    public void fail(Status status) {
        end(status);
    }

    private void end(Status status) {
        lock.lock();
        try {
            if (!status.isOk()) {
                line.clear();
            }
            end = end.or(() -> Optional.of(status));
            over = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        pass();
    }

    private void leave() {
        lock.lock();
        try {
            gone = true;
            over = true;
            line.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Passes on what waits as long as the transport takes it. One thread at a time does so; whoever comes
    /// meanwhile makes it look once more.
    private void pass() {
        if (passes.getAndIncrement() > 0) {
            return;
        }
        int seen = 1;
        do {
            while (!gone && outlet.isReady()) {
                Optional<ViewFrame> next = next();
                if (next.isEmpty()) {
                    break;
                }
                outlet.send(next.get());
            }
            close();
            seen = passes.addAndGet(-seen);
        } while (seen > 0);
    }

    private Optional<ViewFrame> next() {
        lock.lock();
        try {
            Optional<ViewFrame> next = Optional.ofNullable(line.poll());
            if (line.size() == LINE / 2) {
                changed.signalAll();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void close() {
        Optional<Status> status;
        lock.lock();
        try {
            if (gone || closed || end.isEmpty() || !line.isEmpty()) {
                return;
            }
            closed = true;
            status = end;
        } finally {
            lock.unlock();
        }
        outlet.end(status.get());
    }
}
