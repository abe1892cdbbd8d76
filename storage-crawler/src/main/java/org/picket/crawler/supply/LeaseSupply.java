package org.picket.crawler.supply;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.picket.crawler.match.ListSet;
import org.picket.crawler.source.ObjectReference;
import org.picket.crawler.source.Scope;
import org.picket.crawler.source.Source;
import org.picket.crawler.source.SourceException;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.SuppliedObject;
import org.picket.runtime.channel.FrameSink;
import org.picket.runtime.channel.Pixels;
import org.picket.runtime.channel.ViewFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One stream: a reader that starts work on objects as far ahead as the bounds allow, a prober, and a sender
/// that sends what is done in order.
final class LeaseSupply {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseSupply.class);
    /// Between two looks at whether the agent is gone. Each wakes three threads.
    private static final long LOOK_AGAIN_MILLIS = 250;
    /// Objects that are sent at one go, and the part of the window that they may be: waking for each would cost
    /// more than sending it.
    private static final int LONGEST_BURST = 16;

    private static final int WINDOW_TO_BURST = 4;

    private final Source source;
    private final Workshop workshop;
    private final SupplyClient client;
    private final SupplySettings settings;
    private final Task task;
    private final Terms terms;
    private final FrameSink sink;
    private final LeaseBytes budget;
    private final Probes probes;
    private final ArrayBlockingQueue<Slot> slots;
    /// Taken and not looked at yet; the sender's own.
    private final ArrayDeque<Slot> burst = new ArrayDeque<>();

    private final int longestBurst;
    /// The first object is not to wait for others, which take their time where nothing is warm.
    private int nextBurst = 1;

    private int sent;
    /// Objects that are sent and not reported.
    private final List<SuppliedObject> segment = new ArrayList<>(Limits.SEGMENT_OBJECTS);
    /// When the coordinator was told something last.
    private long told = System.nanoTime();
    /// Whether the reader waits for the site's limits, or for room for a large object.
    private volatile boolean heldUp;
    /// Of objects that were sent, still taken of the budget.
    private long sentBytes;

    /// What is to be done.
    ///
    /// @param lists matched before anything is sent
    record Task(Terms terms, ListSet lists) {}

    /// What the reader hands to the sender, in key order.
    private sealed interface Slot {
        record Work(CompletableFuture<Supplied> outcome) implements Slot {}

        record Ended() implements Slot {}

        record Broken(RuntimeException cause) implements Slot {}
    }

    LeaseSupply(
            Source source, Workshop workshop, SupplyClient client, SupplySettings settings, Task task, FrameSink sink) {
        this.source = source;
        this.workshop = workshop;
        this.client = client;
        this.settings = settings;
        this.task = task;
        this.terms = task.terms();
        this.sink = sink;
        this.budget = workshop.budget(settings.leaseBytes());
        this.probes = new Probes(client, terms, settings);
        this.longestBurst = Math.clamp(settings.window() / WINDOW_TO_BURST, 1, LONGEST_BURST);
        this.slots = new ArrayBlockingQueue<>(Math.max(1, settings.window() - longestBurst));
    }

    /// Sends everything. Blocks; ends the stream in every case but one.
    ///
    /// @param now to find the instant from which objects count
    /// @throws StatusRuntimeException before anything is done, where the crawler is stopping
    void run(Instant now) {
        Future<?> reader = workshop.list(() -> read(now));
        Thread prober = Thread.ofVirtual().name("supply-probe").start(() -> probes.run(sink::over));
        try {
            send();
            sink.complete();
        } catch (StatusRuntimeException e) {
            sink.fail(e.getStatus());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            sink.fail(Status.UNAVAILABLE.withDescription("the crawler is stopping"));
        } catch (SourceException e) {
            // Its message names the storage, of which the agent is to know nothing.
            LOG.warn(
                    "shard {}: the storage cannot be listed: {}",
                    terms.shard(),
                    e.getClass().getSimpleName());
            sink.fail(Status.UNAVAILABLE.withDescription("the storage cannot be listed"));
        } catch (RuntimeException e) {
            sink.fail(Status.INTERNAL.withDescription(
                    "the supply failed: " + e.getClass().getSimpleName()));
        }
        try {
            reader.get();
            prober.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the listing of a lease failed", e.getCause());
        }
    }

    private void read(Instant now) {
        Workshop.Job job = new Workshop.Job(task, probes, budget, sink::over);
        long view = 3L * terms.viewSize() * terms.viewSize();
        try {
            Scope scope = terms.oldest().map(age -> Scope.since(now.minus(age))).orElse(Scope.ALL);
            Iterator<ObjectReference> objects =
                    source.range(scope, terms.after().orElse(terms.first()), terms.last());
            int count = 0;
            while (count < terms.most().objects() && objects.hasNext()) {
                ObjectReference object = objects.next();
                if (terms.after().equals(Optional.of(object.key())) || !terms.picks(object.key())) {
                    continue;
                }
                count++;
                long taken = Math.min(object.sizeBytes(), terms.most().bytes()) + view;
                if (!budget.take(taken, sink::over)) {
                    return;
                }
                if (!turn(object, taken)) {
                    budget.done(taken, 0);
                    return;
                }
                if (!put(new Slot.Work(workshop.work(job, object, taken)))) {
                    return;
                }
            }
            put(new Slot.Ended());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            putLast(new Slot.Broken(e));
        } catch (Error e) {
            putLast(new Slot.Broken(new IllegalStateException("the listing failed", e)));
        }
    }

    /// Here, and not where objects are fetched: so a lease has one object in the line for the site's limits and for the
    /// process's room for large ones, and not its whole window.
    private boolean turn(ObjectReference object, long taken) throws InterruptedException {
        heldUp = true;
        try {
            // What is too large is not read.
            return budget.takeLarge(taken, sink::over)
                    && workshop.brake()
                            .read(object.sizeBytes() > terms.most().bytes() ? 0 : object.sizeBytes(), sink::over);
        } finally {
            heldUp = false;
        }
    }

    private void putLast(Slot slot) {
        try {
            put(slot);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean put(Slot slot) throws InterruptedException {
        if (slots.offer(slot)) {
            return true;
        }
        while (!slots.offer(slot, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
            if (sink.over()) {
                return false;
            }
        }
        return true;
    }

    private void send() throws InterruptedException {
        long begun = System.nanoTime();
        Slot slot = take();
        while (slot instanceof Slot.Work work) {
            Supplied supplied = outcome(work);
            sendViews(supplied);
            segment.add(SupplyClient.told(supplied));
            sent++;
            slot = take();
            long now = System.nanoTime();
            if (segment.size() == Limits.SEGMENT_OBJECTS
                    || now - begun > settings.segment().toNanos()
                    || !(slot instanceof Slot.Work)) {
                end(slot instanceof Slot.Ended);
                begun = now;
            }
        }
        if (slot instanceof Slot.Broken broken) {
            throw broken.cause();
        }
        if (sent == 0) {
            client.report(terms, 0, List.of(), true);
        }
        sink.send(new ViewFrame.End(sent));
    }

    private void sendViews(Supplied supplied) throws InterruptedException {
        if (supplied.fate() instanceof Supplied.Fate.Seen seen) {
            int view = 0;
            for (Pixels pixels : seen.views()) {
                if (!workshop.brake().send(pixels.length(), this::overWhileHeldUp)) {
                    refuseIfOver();
                }
                sink.send(new ViewFrame.Chunk(sent, view, pixels));
                view++;
            }
        }
        sentBytes += supplied.heldBytes();
    }

    /// The coordinator hears first.
    private void end(boolean last) throws InterruptedException {
        int from = sent - segment.size();
        client.report(terms, from, segment, last);
        told = System.nanoTime();
        workshop.counts().add(segment);
        segment.clear();
        sink.send(new ViewFrame.Segment(from, sent));
    }

    private Slot take() throws InterruptedException {
        if (burst.isEmpty()) {
            gather();
        }
        return burst.remove();
    }

    /// Takes what is there, at least one, and waits for the last of it: those before it are mostly done by then.
    private void gather() throws InterruptedException {
        budget.give(sentBytes);
        sentBytes = 0;
        // Waits with a bound only where it must: the clock of a bounded wait costs more than the rest of it.
        Optional<Slot> first = Optional.ofNullable(slots.poll());
        while (first.isEmpty()) {
            first = Optional.ofNullable(slots.poll(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS));
            if (first.isEmpty()) {
                goOn();
            }
        }
        burst.add(first.get());
        slots.drainTo(burst, nextBurst - 1);
        nextBurst = Math.min(2 * nextBurst, longestBurst);
        for (Slot slot : (Iterable<Slot>) burst::descendingIterator) {
            if (slot instanceof Slot.Work work) {
                await(work);
                return;
            }
        }
    }

    private void await(Slot.Work work) throws InterruptedException {
        while (!work.outcome().isDone()) {
            try {
                work.outcome().get(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                goOn();
            } catch (ExecutionException e) {
                // Told when its turn comes.
                return;
            }
        }
    }

    private Supplied outcome(Slot.Work work) throws InterruptedException {
        await(work);
        try {
            return work.outcome().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException("work on an object failed", e.getCause());
        }
    }

    /// Looks after the lease while the sender waits.
    private void goOn() {
        refuseIfOver();
        if (heldUp) {
            tell();
        }
    }

    private boolean overWhileHeldUp() {
        tell();
        return sink.over();
    }

    /// Has the coordinator know that the lease is held up on purpose, and not stalled.
    private void tell() {
        if (System.nanoTime() - told > settings.word().toNanos()) {
            client.report(terms, sent - segment.size(), List.of(), false);
            told = System.nanoTime();
        }
    }

    private void refuseIfOver() {
        if (sink.over()) {
            throw Status.CANCELLED.withDescription("the agent is gone").asRuntimeException();
        }
    }
}
