package org.picket.bench.agents;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.picket.bench.lease.Client;
import org.picket.bench.lease.Goods;
import org.picket.proto.bundle.Scoring;
import org.picket.proto.v1.AcquireResponse;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.Role;

/// Agents, each with a certificate and a connection of its own, and the crawler that supplies them: their pictures and
/// scores were made before the clock runs, all calls are those of real ones.
final class Crowd implements AutoCloseable {
    /// Operators that the agents belong to.
    private static final int OWNERS = 100;

    /// A real agent waits at least so long, and up to so much longer, before it tries a coordinator again that it has
    /// lost.
    private static final long LEAST_BACK_OFF_MILLIS = 100;

    private static final long BACK_OFF_MILLIS = 4_000;

    private static final long MOST_BACK_OFF_MILLIS = 15_000;

    /// Until then the span stays as it is.
    private static final int SOON = 6;

    private static final long LEAST_PAUSE_MILLIS = 20;

    /// How long a real agent lets the coordinator hold its request.
    private static final int WAIT_MILLIS = 10_000;

    /// Leases that the crawler supplies at once; the others wait for it.
    private static final int SUPPLIED = 32;

    private final List<Agent> agents = new ArrayList<>();
    private final Calls calls = new Calls();
    private final Semaphore supplied = new Semaphore(SUPPLIED, true);
    private final List<Channel> crawlers;
    private final List<Goods> goods;
    private final Scoring scoring;
    private final Client.Habits habits;

    /// @param goods as [Client] wants them
    Crowd(List<Channel> crawlers, List<Goods> goods, Scoring scoring, Client.Habits habits) {
        this.crawlers = crawlers.stream()
                .map(crawler -> ClientInterceptors.intercept(crawler, calls))
                .toList();
        this.goods = List.copyOf(goods);
        this.scoring = scoring;
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
    /// @param rampMillis before anything counts: until the first leases of all are worked off
    /// @param millis that count
    /// @param pauseMillis on average between a lease's end and the next request
    /// @param cut whether all connections are cut then, all at once, and as many milliseconds more are counted; of
    ///     grants only those of leases that were asked for after the cut
    record Plan(int agents, int leases, long rampMillis, long millis, long pauseMillis, boolean cut) {}

    /// What a run came to.
    ///
    /// @param objectsPerSecond that were ruled
    /// @param objects that were
    /// @param used of the processors meanwhile
    /// @param leases that were granted
    /// @param p50 milliseconds from when an agent first asks for a lease to its grant, with new connections, calls
    ///     that fail and the pauses after them
    /// @param p99 likewise
    /// @param most likewise
    /// @param failures calls that failed, by what was called and how
    /// @param empty requests that brought no lease, by the reason
    record Done(
            double objectsPerSecond,
            long objects,
            Host.Processors used,
            long leases,
            double p50,
            double p99,
            double most,
            Map<String, Long> failures,
            Map<String, Long> empty) {
        /// Calls that failed, all together.
        long failed() {
            return failures.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /// @param processors used so far
    Done run(Plan plan, Supplier<Host.Processors> processors) throws InterruptedException {
        Run run = new Run(plan);
        List<Thread> threads = new ArrayList<>();
        for (Agent agent : agents.subList(0, plan.agents())) {
            for (int i = 0; i < plan.leases(); i++) {
                threads.add(Thread.ofVirtual().unstarted(() -> agent.work(run)));
            }
        }
        calls.take();
        threads.forEach(Thread::start);
        run.over.await(plan.rampMillis(), TimeUnit.MILLISECONDS);
        long begin = System.nanoTime();
        long before = run.objects.sum();
        Host.Processors used = processors.get();
        run.counts = true;
        run.over.await(plan.millis(), TimeUnit.MILLISECONDS);
        if (plan.cut()) {
            run.cutAt = System.nanoTime();
            agents.subList(0, plan.agents()).forEach(Agent::cut);
            run.cut.countDown();
            run.over.await(plan.millis(), TimeUnit.MILLISECONDS);
        }
        long objects = run.objects.sum() - before;
        double seconds = (System.nanoTime() - begin) / 1e9;
        Host.Processors sinceThen = processors.get().since(used);
        run.over.countDown();
        run.cut.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        return run.done(objects, seconds, sinceThen, calls.take());
    }

    private static final class Run {
        private final Plan plan;
        private final CountDownLatch over = new CountDownLatch(1);
        private final CountDownLatch cut = new CountDownLatch(1);
        private final LongAdder objects = new LongAdder();
        private final ConcurrentHashMap<String, LongAdder> empty = new ConcurrentHashMap<>();
        private final long[] nanos = new long[1 << 20];
        private final AtomicInteger taken = new AtomicInteger();
        private volatile boolean counts;
        private volatile long cutAt = Long.MAX_VALUE;

        private Run(Plan plan) {
            this.plan = plan;
        }

        /// Between two leases, as long as the plan says on average.
        private void pause() throws InterruptedException {
            if (plan.pauseMillis() > 0) {
                pause(plan.pauseMillis() / 2 + ThreadLocalRandom.current().nextLong(plan.pauseMillis()));
            }
        }

        private boolean endedByCut(long askedAt) {
            return plan.cut() && cut.getCount() == 0 && askedAt < cutAt;
        }

        /// A pause, which the loss of the connection ends: a real agent has a request under way at all times.
        private void pause(long millis) throws InterruptedException {
            if (cut.getCount() == 0 || !plan.cut()) {
                over.await(millis, TimeUnit.MILLISECONDS);
            } else if (cut.await(millis, TimeUnit.MILLISECONDS)) {
                backOff(1);
            }
        }

        /// As a real agent does.
        private void backOff(int failed) throws InterruptedException {
            long whole = Math.min(BACK_OFF_MILLIS << Math.clamp(failed - SOON, 0, 6), MOST_BACK_OFF_MILLIS);
            over.await(LEAST_BACK_OFF_MILLIS + ThreadLocalRandom.current().nextLong(whole), TimeUnit.MILLISECONDS);
        }

        private boolean over() {
            return over.getCount() == 0;
        }

        /// As a real agent does.
        private void empty(NoLease none) throws InterruptedException {
            empty.computeIfAbsent(none.getReason().name(), _ -> new LongAdder()).increment();
            over.await(Math.max(LEAST_PAUSE_MILLIS, none.getComeBack().getMilliseconds()), TimeUnit.MILLISECONDS);
        }

        private void granted(long askedAt) {
            if (counts && (!plan.cut() || cut.getCount() == 0 && askedAt >= cutAt)) {
                int at = taken.getAndIncrement();
                if (at < nanos.length) {
                    nanos[at] = System.nanoTime() - askedAt;
                }
            }
        }

        private Done done(long ruled, double seconds, Host.Processors used, Map<String, Long> failures) {
            long[] sorted = Arrays.copyOf(nanos, Math.min(taken.get(), nanos.length));
            Arrays.sort(sorted);
            Map<String, Long> none = new TreeMap<>();
            empty.forEach((reason, count) -> none.put(reason, count.sum()));
            return new Done(
                    ruled / seconds,
                    ruled,
                    used,
                    sorted.length,
                    at(sorted, 0.5),
                    at(sorted, 0.99),
                    at(sorted, 1),
                    failures,
                    none);
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
            this.channel = joined.connect(calls);
        }

        /// As where a router drops all that it forwards.
        private void cut() {
            ManagedChannel lost = channel;
            channel = joined.connect(calls);
            lost.shutdownNow();
        }

        private void work(Run run) {
            try {
                spread(run);
                while (!run.over()) {
                    lease(run);
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

        private Goods supply(Client client, Grant grant) throws InterruptedException {
            supplied.acquire();
            try {
                return client.supply(grant);
            } finally {
                supplied.release();
            }
        }

        /// Asks until there is a lease, and works it off. A request that the cut has ended is another one afterwards.
        private void lease(Run run) throws InterruptedException {
            long askedAt = System.nanoTime();
            int failed = 0;
            while (!run.over()) {
                Client client = new Client(channel, crawler, joined.key(), goods, habits, scoring);
                boolean granted = false;
                try {
                    AcquireResponse answer = client.ask(WAIT_MILLIS);
                    failed = 0;
                    granted = answer.hasGrant();
                    if (granted) {
                        run.granted(askedAt);
                        run.objects.add(client.report(answer.getGrant(), supply(client, answer.getGrant())));
                        run.pause();
                        return;
                    }
                    run.empty(answer.getNone());
                } catch (StatusRuntimeException e) {
                    failed++;
                    run.backOff(failed);
                    askedAt = granted || run.endedByCut(askedAt) ? System.nanoTime() : askedAt;
                }
            }
        }
    }

    @Override
    public void close() {
        agents.forEach(agent -> agent.channel.shutdownNow());
    }
}
