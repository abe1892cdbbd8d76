package org.picket.bench.lease;

import io.grpc.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.Grant;

/// Clients that work at once until nothing is left.
final class Team implements AutoCloseable {
    /// As many as may keep a coordinator's queues filled, so that commits are shared.
    static final int CLIENTS = 64;

    private static final int AGENTS = 4;
    private static final int VARIANTS = 16;
    private static final long SEED = 7;

    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final List<Function<Client.Habits, Client>> makers = new ArrayList<>();
    private final LongAdder done = new LongAdder();
    private final AtomicBoolean stopped = new AtomicBoolean();

    /// What a run of all clients came to.
    ///
    /// @param objects ruled
    /// @param nanos from the first call to the last answer
    record Done(long objects, long nanos) {
        double objectsPerSecond() {
            return objects / (nanos / 1e9);
        }
    }

    Team(Stage stage) {
        Random random = new Random(SEED);
        List<Goods> goods = new ArrayList<>();
        for (int objects : new int[] {1, 64, 128, 256}) {
            goods.add(Goods.of(random, objects, Stage.CONCEPTS.size()));
        }
        for (int i = 0; i < VARIANTS; i++) {
            goods.add(Goods.of(random, 512, Stage.CONCEPTS.size()));
        }
        Channel crawler = stage.crawler();
        for (int agent = 0; agent < AGENTS; agent++) {
            SigningKey key = stage.key();
            Channel channel = stage.agent(key);
            for (int i = 0; i < CLIENTS / AGENTS; i++) {
                makers.add(habits -> new Client(channel, crawler, key, goods, habits));
            }
        }
    }

    /// One client's try to get work, after which its agent's speed is known to the coordinator.
    void announce(Client.Habits habits) {
        if (makers.getFirst().apply(habits).acquire().isPresent()) {
            throw new IllegalStateException("there was work before any was listed");
        }
    }

    /// Objects ruled so far, over all runs.
    long done() {
        return done.sum();
    }

    /// Makes a run end early.
    void stop() {
        stopped.set(true);
    }

    /// Works until `objects` are ruled, or it is stopped.
    Done work(Client.Habits habits, long objects) throws InterruptedException {
        AtomicLong left = new AtomicLong(objects);
        stopped.set(false);
        long before = done.sum();
        long begin = System.nanoTime();
        List<Future<?>> running = new ArrayList<>();
        for (Function<Client.Habits, Client> maker : makers) {
            running.add(threads.submit(() -> {
                Client client = maker.apply(habits);
                while (left.get() > 0 && !stopped.get()) {
                    Optional<Grant> grant = client.acquire();
                    if (grant.isPresent()) {
                        int count = client.work(grant.get());
                        left.addAndGet(-count);
                        done.add(count);
                    }
                }
            }));
        }
        try {
            for (Future<?> client : running) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client of the bench failed", e.getCause());
        } finally {
            stop();
        }
        return new Done(done.sum() - before, System.nanoTime() - begin);
    }

    @Override
    public void close() {
        stop();
        threads.shutdownNow();
    }
}
