package org.picket.bench.agents;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.picket.bench.lease.Client;
import org.picket.bench.lease.Goods;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.Role;

/// Agents, each with a certificate and a connection of its own, and the crawler that supplies them: their pictures and
/// scores were made before the clock runs, all calls are those of real ones.
final class Crowd implements AutoCloseable {
    /// Operators that the agents belong to.
    private static final int OWNERS = 100;

    /// Between half and all of that a real agent waits before it tries a coordinator again that it has lost.
    private static final long BACK_OFF_MILLIS = 400;

    private static final long MOST_BACK_OFF_MILLIS = 15_000;

    private final List<Agent> agents = new ArrayList<>();
    private final List<Channel> crawlers;
    private final List<Goods> goods;
    private final Client.Terms terms;
    private final Client.Habits habits;

    /// @param goods as [Client] wants them
    Crowd(List<Channel> crawlers, List<Goods> goods, Client.Terms terms, Client.Habits habits) {
        this.crawlers = List.copyOf(crawlers);
        this.goods = List.copyOf(goods);
        this.terms = terms;
        this.habits = habits;
    }

    /// Has agents join until there are so many, each of which comes from another address.
    void grow(Host host, int count, SecureRandom random) {
        for (int i = agents.size(); i < count; i++) {
            Joined joined = Joined.join(host.invite(Role.AGENT, "operator-" + i % OWNERS), Role.AGENT, i + 1, random);
            agents.add(new Agent(joined, crawlers.get(i % crawlers.size())));
        }
    }

    /// How a run goes about it.
    ///
    /// @param agents that take part
    /// @param leases that each works on at once
    /// @param millis that it lasts
    /// @param pauseMillis on average between a lease's end and the next request
    /// @param cutAtMillis when all connections are cut, all at once; 0: never
    record Plan(int agents, int leases, long millis, long pauseMillis, long cutAtMillis) {}

    /// What a run came to.
    ///
    /// @param objectsPerSecond that were ruled
    /// @param leases that were granted
    /// @param p50 milliseconds from the call for a lease to its grant, a new connection included
    /// @param p99 likewise
    /// @param most likewise
    /// @param failures calls that failed
    /// @param empty requests that brought no lease
    record Done(double objectsPerSecond, long leases, double p50, double p99, double most, long failures, long empty) {}

    Done run(Plan plan) throws InterruptedException {
        Run run = new Run(plan);
        List<Thread> threads = new ArrayList<>();
        for (Agent agent : agents.subList(0, plan.agents())) {
            for (int i = 0; i < plan.leases(); i++) {
                threads.add(Thread.ofVirtual().unstarted(() -> agent.work(run)));
            }
        }
        run.begin = System.nanoTime();
        threads.forEach(Thread::start);
        if (plan.cutAtMillis() > 0) {
            run.over.await(plan.cutAtMillis(), TimeUnit.MILLISECONDS);
            // Only what is asked for from now on counts.
            run.cutAt = System.nanoTime();
            agents.subList(0, plan.agents()).forEach(Agent::cut);
            run.cut.countDown();
        }
        run.over.await(plan.millis() - plan.cutAtMillis(), TimeUnit.MILLISECONDS);
        run.over.countDown();
        run.cut.countDown();
        long end = System.nanoTime();
        long objects = run.objects.sum();
        for (Thread thread : threads) {
            thread.join();
        }
        return run.done(objects / ((end - run.begin) / 1e9));
    }

    private static final class Run {
        private final Plan plan;
        private final CountDownLatch over = new CountDownLatch(1);
        private final CountDownLatch cut = new CountDownLatch(1);
        private final LongAdder objects = new LongAdder();
        private final LongAdder failures = new LongAdder();
        private final LongAdder empty = new LongAdder();
        private final long[] nanos = new long[1 << 20];
        private final AtomicInteger taken = new AtomicInteger();
        private volatile long begin;
        private volatile long cutAt;

        private Run(Plan plan) {
            this.plan = plan;
        }

        /// A pause, which the loss of the connection ends: a real agent has a request under way at all times.
        private void pause(long millis) throws InterruptedException {
            if (cut.getCount() == 0) {
                over.await(millis, TimeUnit.MILLISECONDS);
            } else if (cut.await(millis, TimeUnit.MILLISECONDS)) {
                backOff(1);
            }
        }

        /// As a real agent does.
        private void backOff(int failed) throws InterruptedException {
            long whole = Math.min(BACK_OFF_MILLIS << Math.min(failed - 1, 6), MOST_BACK_OFF_MILLIS);
            over.await(whole / 2 + ThreadLocalRandom.current().nextLong(whole / 2 + 1), TimeUnit.MILLISECONDS);
        }

        private boolean over() {
            return over.getCount() == 0;
        }

        private void granted(long askedAt) {
            if (plan.cutAtMillis() == 0 || cutAt > 0 && askedAt >= cutAt) {
                int at = taken.getAndIncrement();
                if (at < nanos.length) {
                    nanos[at] = System.nanoTime() - askedAt;
                }
            }
        }

        private Done done(double objectsPerSecond) {
            long[] sorted = Arrays.copyOf(nanos, Math.min(taken.get(), nanos.length));
            Arrays.sort(sorted);
            return new Done(
                    objectsPerSecond,
                    sorted.length,
                    at(sorted, 0.5),
                    at(sorted, 0.99),
                    at(sorted, 1),
                    failures.sum(),
                    empty.sum());
        }

        private static double at(long[] sorted, double part) {
            return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, sorted.length * part)] / 1e6;
        }
    }

    private final class Agent {
        private final Joined joined;
        private final Channel crawler;
        private volatile ManagedChannel channel;

        private Agent(Joined joined, Channel crawler) {
            this.joined = joined;
            this.crawler = crawler;
            this.channel = joined.connect();
        }

        /// As where a router drops all that it forwards.
        private void cut() {
            ManagedChannel lost = channel;
            channel = joined.connect();
            lost.shutdownNow();
        }

        private void work(Run run) {
            int failed = 0;
            try {
                spread(run);
                while (!run.over()) {
                    try {
                        lease(run);
                        failed = 0;
                    } catch (StatusRuntimeException e) {
                        run.failures.increment();
                        failed++;
                        run.backOff(failed);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /// Agents that work at their own pace did not all begin at once.
        private void spread(Run run) throws InterruptedException {
            if (run.plan.pauseMillis() > 0) {
                run.pause(ThreadLocalRandom.current().nextLong(run.plan.pauseMillis()));
            }
        }

        private void lease(Run run) throws InterruptedException {
            Client client = new Client(channel, crawler, joined.key(), goods, habits, terms);
            long askedAt = System.nanoTime();
            Optional<Grant> grant = client.acquire();
            if (grant.isEmpty()) {
                run.empty.increment();
                return;
            }
            run.granted(askedAt);
            int count = client.work(grant.get());
            run.objects.add(count);
            long pause = run.plan.pauseMillis();
            if (pause > 0) {
                run.pause(pause / 2 + ThreadLocalRandom.current().nextLong(pause));
            }
        }
    }

    @Override
    public void close() {
        agents.forEach(agent -> agent.channel.shutdownNow());
    }
}
