package org.picket.coordinator.removal;

import io.grpc.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.removal.PostgresOrders.OpenOrder;
import org.picket.proto.id.OrderId;
import org.picket.proto.id.StorageId;
import org.picket.runtime.time.TimeSource;

/// Hands out orders that have no receipt yet. A call that finds none waits, and looks again when told that
/// orders were written, or every so often, for another coordinator may have written them.
///
/// Thread-safe.
final class Outbox {
    private final Database database;
    private final TimeSource time;
    private final RemovalSettings settings;
    private final Deliveries deliveries;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition written = lock.newCondition();
    private long hints;
    private long sentOn;

    Outbox(Database database, TimeSource time, RemovalSettings settings) {
        this.database = database;
        this.time = time;
        this.settings = settings;
        this.deliveries = new Deliveries(settings.visibility(), settings.outLimit());
    }

    /// Orders were written and committed.
    void hint() {
        lock.lock();
        try {
            hints++;
            written.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Answers those that wait with what there is, which is nothing.
    void sendOn() {
        lock.lock();
        try {
            sentOn++;
            written.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void answered(List<OrderId> orders) {
        deliveries.answered(orders);
    }

    /// At most `limit` orders of a storage; empty when there are none for so long, or the call is over.
    List<OpenOrder> next(StorageId storage, int limit, Duration wait) {
        Context call = Context.current();
        Context.CancellationListener gone = over -> hint();
        call.addListener(gone, Runnable::run);
        try {
            return open(storage, limit, wait);
        } finally {
            call.removeListener(gone);
        }
    }

    private List<OpenOrder> open(StorageId storage, int limit, Duration wait) {
        long nanos = Math.clamp(wait.toNanos(), 0, settings.longestWait().toNanos());
        long until = System.nanoTime() + nanos;
        while (true) {
            // A caller that is gone must not be handed anything: nobody would carry it out for a while.
            if (Context.current().isCancelled()) {
                return List.of();
            }
            Seen seen = seen();
            List<OpenOrder> found = take(storage, limit);
            if (!found.isEmpty() && Context.current().isCancelled()) {
                deliveries.answered(found.stream().map(OpenOrder::id).toList());
                return List.of();
            }
            long left = until - System.nanoTime();
            if (!found.isEmpty() || left <= 0 || !await(seen, left)) {
                return found;
            }
        }
    }

    /// What a call had heard when it looked.
    private record Seen(long hints, long sentOn) {}

    private Seen seen() {
        lock.lock();
        try {
            return new Seen(hints, sentOn);
        } finally {
            lock.unlock();
        }
    }

    /// Waits for a hint newer than those seen, or for the next look; false where the call shall end.
    private boolean await(Seen seen, long left) {
        lock.lock();
        try {
            if (hints == seen.hints() && sentOn == seen.sentOn()) {
                written.awaitNanos(Math.min(left, settings.poll().toNanos()));
            }
            return sentOn == seen.sentOn();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private List<OpenOrder> take(StorageId storage, int limit) {
        Instant now = time.now();
        var out = deliveries.out(storage, now);
        int room = Math.min(limit, deliveries.room(storage));
        if (room == 0) {
            return List.of();
        }
        List<OpenOrder> orders = database.transaction(handle -> PostgresOrders.open(handle, storage, out, room));
        if (!orders.isEmpty()) {
            deliveries.handedOut(storage, orders.stream().map(OpenOrder::id).toList(), now);
        }
        return orders;
    }
}
