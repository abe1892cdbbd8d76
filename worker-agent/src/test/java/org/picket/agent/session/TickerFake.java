package org.picket.agent.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.picket.runtime.time.Ticker;

/// Stands still until it is turned.
final class TickerFake implements Ticker {
    private record Alarm(long at, Runnable what) {}

    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(Comparator.comparingLong(Alarm::at));
    private long nanos = -7;

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized void after(Duration span, Runnable what) {
        alarms.add(new Alarm(nanos + span.toNanos(), what));
    }

    /// Of which the time has not come.
    synchronized int alarms() {
        return alarms.size();
    }

    void turn(Duration span) {
        turnTo(nanos() + span.toNanos());
    }

    /// Turns it to the next alarm.
    void turnToNext() {
        long next;
        synchronized (this) {
            next = alarms.element().at();
        }
        turnTo(next);
    }

    private void turnTo(long to) {
        List<Alarm> due = new ArrayList<>();
        synchronized (this) {
            nanos = to;
            while (!alarms.isEmpty() && alarms.element().at() <= to) {
                due.add(alarms.remove());
            }
        }
        due.forEach(alarm -> alarm.what().run());
    }
}
