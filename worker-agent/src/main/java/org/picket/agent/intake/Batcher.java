package org.picket.agent.intake;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.picket.agent.inference.Inference;
import org.picket.runtime.telemetry.Traceback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Two threads: one gathers views of all leases into a buffer, the other scores the buffer that is full. While
/// one buffer is scored the other is filled. What fails, even with an error, costs the leases of its batch and no
/// other: both threads go on.
public final class Batcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Batcher.class);
    private static final int BUFFERS = 2;
    private static final long LOOK_AGAIN_MILLIS = 50;

    private final Scorer scorer;
    private final Duration wait;
    private final Throughput throughput;
    private final BlockingQueue<Arrival> arrivals;
    private final BlockingQueue<Batch> empty = new ArrayBlockingQueue<>(BUFFERS);
    private final BlockingQueue<Batch> full = new ArrayBlockingQueue<>(BUFFERS);
    private final List<Thread> threads;
    private volatile boolean closed;

    /// @param wait how long the first view of a batch waits for others
    /// @param capacity the most views that wait
    public Batcher(Scorer scorer, Duration wait, int capacity, Throughput throughput) {
        this.scorer = scorer;
        this.wait = wait;
        this.throughput = throughput;
        this.arrivals = new ArrayBlockingQueue<>(capacity);
        for (int i = 0; i < BUFFERS; i++) {
            empty.add(new Batch(scorer.newInput()));
        }
        this.threads = List.of(
                Thread.ofPlatform().name("batch").daemon(true).start(() -> repeat(this::gather)),
                Thread.ofPlatform().name("infer").daemon(true).start(() -> repeat(this::score)));
    }

    /// Takes a view in, without waiting.
    ///
    /// @return whether there was room
    boolean offer(Arrival arrival) {
        return !closed && arrivals.offer(arrival);
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    private void repeat(Step step) {
        try {
            while (!closed) {
                attempt(step);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void attempt(Step step) throws InterruptedException {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a batch failed; its leases are given back: {}", Traceback.of(e));
        }
    }

    private void gather() throws InterruptedException {
        Batch batch = empty.take();
        try {
            fill(batch);
        } catch (RuntimeException | Error e) {
            fail(batch, e.getClass().getSimpleName());
            throw e;
        } finally {
            full.put(batch);
        }
    }

    private void fill(Batch batch) throws InterruptedException {
        Arrival first = arrivals.take();
        add(batch, first);
        long until = System.nanoTime() + wait.toNanos();
        while (batch.size() < scorer.maxBatch()) {
            Optional<Arrival> next =
                    Optional.ofNullable(arrivals.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS));
            if (next.isEmpty()) {
                break;
            }
            add(batch, next.get());
        }
    }

    private static void add(Batch batch, Arrival arrival) {
        guarded(arrival, () -> {
            if (arrival.scan().trouble().isEmpty()) {
                batch.add(arrival);
            }
        });
        guarded(arrival, arrival.pixels()::release);
        guarded(arrival, arrival.taken());
    }

    /// A view that cannot be taken in costs its own lease alone.
    private static void guarded(Arrival arrival, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a view cannot be taken in; its lease is given back: {}", Traceback.of(e));
            arrival.scan()
                    .fail(new Trouble(
                            Trouble.Part.VIEWS,
                            "a view cannot be taken in: " + e.getClass().getSimpleName()));
        }
    }

    private void score() throws InterruptedException {
        Optional<Batch> next = Optional.ofNullable(full.poll(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS));
        if (next.isEmpty()) {
            return;
        }
        Batch batch = next.get();
        long begun = System.nanoTime();
        try {
            if (batch.size() > 0) {
                Inference inference = scorer.infer(batch.input(), batch.size());
                // Before the scores go on, so that whoever has a report finds its views counted.
                throughput.add(batch.size(), begun, System.nanoTime());
                settle(batch, inference);
            }
        } catch (RuntimeException | Error e) {
            fail(batch, e.getClass().getSimpleName());
            throw e;
        } finally {
            batch.clear();
            empty.put(batch);
        }
    }

    private void settle(Batch batch, Inference inference) {
        switch (inference) {
            case Inference.Scored scored -> {
                int concepts = scored.concepts();
                for (int view = 0; view < batch.size(); view++) {
                    Batch.Entry entry = batch.entries().get(view);
                    short[] own = Arrays.copyOfRange(scored.fixed(), view * concepts, (view + 1) * concepts);
                    entry.scan().scored(entry.digest(), own);
                }
            }
            case Inference.NotFinite notFinite -> withoutThem(batch, notFinite.views());
            case Inference.Broken broken -> fail(batch, broken.reason());
        }
    }

    /// Leases whose views have no score are given up; the others' views are scored again, one by one, in their
    /// order.
    private void withoutThem(Batch batch, List<Integer> views) {
        for (int view : views) {
            batch.entries()
                    .get(view)
                    .scan()
                    .fail(new Trouble(Trouble.Part.INFERENCE, "the model gave a score that is no number"));
        }
        for (int view = 0; view < batch.size(); view++) {
            Batch.Entry entry = batch.entries().get(view);
            if (entry.scan().trouble().isPresent()) {
                continue;
            }
            byte[] pixels = new byte[scorer.viewBytes()];
            batch.input().get(view * pixels.length, pixels);
            batch.input().put(0, pixels);
            switch (scorer.infer(batch.input(), 1)) {
                case Inference.Scored scored -> entry.scan().scored(entry.digest(), scored.fixed());
                case Inference.NotFinite notFinite ->
                    entry.scan().fail(new Trouble(Trouble.Part.INFERENCE, "the model gave a score that is no number"));
                case Inference.Broken broken -> entry.scan().fail(new Trouble(Trouble.Part.INFERENCE, broken.reason()));
            }
        }
    }

    private static void fail(Batch batch, String reason) {
        Trouble trouble = new Trouble(Trouble.Part.INFERENCE, "the model failed: " + reason);
        batch.entries().forEach(entry -> entry.scan().fail(trouble));
    }

    @Override
    public void close() {
        closed = true;
        threads.getFirst().interrupt();
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
