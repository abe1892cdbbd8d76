package org.picket.crawler.image;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The requests to one child in the order in which they are written. The one at the head is the one that the
/// child works on: its time runs from the moment that it gets there. Safe for any number of threads.
///
/// | operation | effect |
/// |---|---|
/// | [#join] | one more at the end, with the next number from 1; none where the line is closed or broken |
/// | [#awaitHead] | waits until all before it have left; in vain where the line breaks |
/// | [#leave] | the head gives way to the next one |
/// | [#isOverdue] | tells, once, that the head's time is over |
/// | [#close] | takes no more; those in line stay |
/// | [#breakOff] | takes no more, and nobody comes to the head any more |
final class DecoderLine {

    /// No request has this number.
    static final int NONE = 0;

    private final Duration deadline;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private int joined;
    private int left;
    private long headSince;
    private int late = NONE;
    private boolean closed;
    private boolean broken;

    /// @param deadline of the one at the head
    DecoderLine(Duration deadline) {
        this.deadline = deadline;
    }

    int join() {
        lock.lock();
        try {
            if (broken || closed) {
                return NONE;
            }
            joined++;
            if (joined == left + 1) {
                headSince = System.nanoTime();
            }
            return joined;
        } finally {
            lock.unlock();
        }
    }

    /// @return whether it is at the head now
    boolean awaitHead(int number) {
        lock.lock();
        try {
            while (left + 1 < number && !broken) {
                moved.awaitUninterruptibly();
            }
            return !broken;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            left++;
            headSince = System.nanoTime();
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isOverdue() {
        lock.lock();
        try {
            boolean over = System.nanoTime() - headSince > deadline.toNanos();
            if (broken || isEmpty() || !over) {
                return false;
            }
            late = left + 1;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Whether it was at the head when that was overdue.
    boolean wasLate(int number) {
        lock.lock();
        try {
            return late == number;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    void breakOff() {
        lock.lock();
        try {
            broken = true;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isBroken() {
        lock.lock();
        try {
            return broken;
        } finally {
            lock.unlock();
        }
    }

    /// Whether it is closed and all have left.
    boolean isDone() {
        lock.lock();
        try {
            return closed && isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// How many joined it.
    int joined() {
        lock.lock();
        try {
            return joined;
        } finally {
            lock.unlock();
        }
    }

    private boolean isEmpty() {
        return joined == left;
    }
}
