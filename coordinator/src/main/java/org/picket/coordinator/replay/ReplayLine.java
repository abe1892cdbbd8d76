package org.picket.coordinator.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.picket.coordinator.ruling.ColumnRules;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.coordinator.ruling.ScoreColumns;

/// A bounded line of score blocks before some workers. One thread puts, and finishes.
final class ReplayLine implements AutoCloseable {
    /// Blocks that wait: some tens of kilobytes each.
    private static final int WAITING = 64;

    private static final long LOOK_MILLIS = 200;
    private static final byte[] END = new byte[0];

    private final ArrayBlockingQueue<byte[]> blocks = new ArrayBlockingQueue<>(WAITING);
    private final ExecutorService threads = Executors.newFixedThreadPool(
            Replay.WORKERS, Thread.ofPlatform().daemon().name("replay-", 1).factory());
    private final List<Future<Pairs>> workers = new ArrayList<>();

    ReplayLine(CompiledPolicy before, CompiledPolicy after) {
        for (int i = 0; i < Replay.WORKERS; i++) {
            workers.add(threads.submit(() -> work(before, after)));
        }
    }

    /// Rules made ready for one set of bundles that have scored.
    private record Ready(ColumnRules before, ColumnRules after) {}

    private Pairs work(CompiledPolicy before, CompiledPolicy after) throws InterruptedException {
        var pairs = new Pairs();
        var columns = new ScoreColumns();
        var ready = new HashMap<Integer, Ready>();
        for (var block = blocks.take(); block.length > 0; block = blocks.take()) {
            columns.read(block);
            var rules = ready.computeIfAbsent(
                    columns.scored(),
                    scored -> new Ready(new ColumnRules(before.after(scored)), new ColumnRules(after.after(scored))));
            pairs.add(rules.before().decide(columns), rules.after().decide(columns), columns.objects());
        }
        blocks.put(END);
        return pairs;
    }

    /// Hands a block in; waits where many are waiting.
    ///
    /// @throws IllegalStateException if no worker takes any more, with what ended it as the cause
    void put(byte[] block) {
        try {
            while (!blocks.offer(block, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                for (var worker : workers) {
                    if (worker.isDone()) {
                        result(worker);
                    }
                }
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// Waits until all is ruled.
    Pairs finish() {
        put(END);
        var all = new Pairs();
        workers.forEach(worker -> all.add(result(worker)));
        return all;
    }

    private static Pairs result(Future<Pairs> worker) {
        try {
            return worker.get();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "stored scores cannot be ruled: " + e.getCause().getMessage(), e);
        }
    }

    private static CancellationException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        var cancelled = new CancellationException("the replay was interrupted");
        cancelled.initCause(cause);
        return cancelled;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
