package org.picket.agent.session;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.picket.agent.intake.Inflow;
import org.picket.agent.intake.LeaseScan;
import org.picket.agent.intake.Throughput;
import org.picket.agent.report.Outflow;
import org.picket.agent.status.AgentStatus;
import org.picket.agent.status.Tally;
import org.picket.proto.v1.AcquireResponse;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.LeasesGrpc.LeasesBlockingStub;
import org.picket.proto.v1.NoLease;
import org.picket.runtime.channel.Connection;
import org.picket.runtime.time.Ticker;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Acquires leases as long as there is room for one more, and runs each on a thread of its own.
public final class LeaseLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseLoop.class);
    /// Between two looks at whether leases may be taken again.
    private static final Duration HELD_LOOK = Duration.ofMillis(200);

    /// Between a crawler that was out of reach and the next request.
    private static final Duration UNREACHED = Duration.ofMillis(200);

    /// A bundle that this agent can run.
    ///
    /// @param bundleDigest its digest
    /// @param preprocessingDigest of the views that the bundle takes
    /// @param providerClass of its engine
    /// @param viewBytes bytes of one view
    /// @param memoryBytes that its engine may use; 0: nobody tells
    public record Skill(
            ByteString bundleDigest,
            ByteString preprocessingDigest,
            String providerClass,
            int viewBytes,
            long memoryBytes) {
        /// Of an engine of whose memory nobody tells.
        public Skill(ByteString bundleDigest, ByteString preprocessingDigest, String providerClass, int viewBytes) {
            this(bundleDigest, preprocessingDigest, providerClass, viewBytes, 0);
        }
    }

    private final CopyOnWriteArrayList<Line> lines;
    private final List<LeasesBlockingStub> leases;
    private final TimeSource time;
    private final Rounds rounds;
    private final AgentSettings settings;
    private final Requests requests;
    private final Inflow inflow;
    private final Outflow outflow;
    private final Ticker ticker;
    private final Semaphore receiving;
    private final Semaphore alive;
    private final ConcurrentSkipListMap<Long, LeaseRun> runs = new ConcurrentSkipListMap<>();
    private final AtomicLong sequence = new AtomicLong();
    private final CountDownLatch draining = new CountDownLatch(1);
    private final Thread thread;
    /// Whether a crawler was out of reach since the last request. For how long to leave it alone the coordinator knows.
    private final AtomicBoolean unreached = new AtomicBoolean();
    private volatile boolean lacking;
    private volatile Optional<String> idle = Optional.of("asking for the first lease");

    /// What a loop asks with.
    ///
    /// @param leases of each coordinator
    record Desks(List<LeasesBlockingStub> leases, TimeSource time, Inflow inflow, Outflow outflow, Ticker ticker) {}

    /// @param lines the first one's provider class is told for all; while there is none, no lease is asked
    /// for
    LeaseLoop(Desks desks, List<Line> lines, AgentSettings settings, Throughput throughput) {
        this.inflow = desks.inflow();
        this.outflow = desks.outflow();
        this.ticker = desks.ticker();
        this.lines = new CopyOnWriteArrayList<>(lines);
        this.leases = desks.leases();
        this.time = desks.time();
        this.rounds = new Rounds(leases.size(), ThreadLocalRandom.current().nextInt(leases.size()));
        this.settings = settings;
        this.requests = new Requests(desks.leases(), settings.acquireWait(), throughput);
        this.receiving = new Semaphore(settings.receiving());
        this.alive = new Semaphore(settings.receiving() + settings.unanswered());
        this.thread = Thread.ofVirtual().name("lease").start(this::acquire);
    }

    /// Why there is no further lease.
    public Optional<String> idle() {
        return idle;
    }

    /// Whether the last lease that was asked for was refused for want of a bundle.
    boolean lacking() {
        return lacking;
    }

    /// Takes leases of one more bundle.
    void add(Line line) {
        lines.add(line);
    }

    /// Takes no more leases of a bundle.
    ///
    /// @return false where some are under way: then it goes on
    boolean remove(ByteString bundle) {
        Optional<Line> line = line(one -> one.skill().bundleDigest().equals(bundle));
        if (line.isPresent() && !line.get().end()) {
            return false;
        }
        line.ifPresent(lines::remove);
        return true;
    }

    private Optional<Line> line(Predicate<Line> which) {
        return lines.stream().filter(which).findFirst();
    }

    /// Leases whose views have all come and whose last verdict is not answered yet.
    public int unanswered() {
        int under = settings.receiving() + settings.unanswered() - alive.availablePermits();
        return Math.max(0, under - settings.receiving() + receiving.availablePermits());
    }

    /// Whether no lease is under way, and none is asked for: so it is once nothing may be taken, and all is finished.
    public boolean resting() {
        return alive.availablePermits() == settings.receiving() + settings.unanswered();
    }

    /// Leases under way, the oldest first.
    public List<AgentStatus.LeaseStatus> running() {
        return runs.values().stream().map(LeaseRun::status).toList();
    }

    private void acquire() {
        int failures = 0;
        try {
            while (draining.getCount() > 0) {
                if (unreached.getAndSet(false) && draining.await(UNREACHED.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                receiving.acquire();
                alive.acquire();
                Optional<String> held = held();
                if (held.isPresent()) {
                    release();
                    idle = held;
                    if (draining.await(HELD_LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                        return;
                    }
                    continue;
                }
                Duration pause;
                int coordinator = rounds.next(
                        time.now(), one -> Connection.of(leases.get(one).getChannel()));
                try {
                    pause = settle(ask(coordinator), coordinator);
                    rounds.answered(coordinator);
                    failures = 0;
                } catch (StatusRuntimeException e) {
                    release();
                    failures++;
                    rounds.failed(coordinator, time.now());
                    idle = Optional.of(words(e.getStatus()));
                    pause = rounds.others(time.now()) ? Duration.ZERO : Pauses.backOff(failures);
                } catch (RuntimeException | Error e) {
                    // Whatever it is: a loop that ends would leave the agent running without any work.
                    release();
                    failures++;
                    String what = e.getClass().getSimpleName();
                    LOG.error("A lease could not be acquired ({}); the next one is tried.", what);
                    idle = Optional.of("a lease could not be acquired: " + what);
                    pause = Pauses.backOff(failures);
                }
                if (pause.isPositive() && draining.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Why no lease may be taken just now, by the operator's word.
    private Optional<String> held() {
        return settings.limits().leave().refusal(time.now()).or(() -> {
            if (lines.isEmpty()) {
                return Optional.of("there is no bundle yet");
            }
            Duration left = inflow.left(ticker.nanos());
            return left.isZero()
                    ? outflow.left(ticker.nanos())
                            .map(up -> "the bandwidth that is allowed for reports is used up for "
                                    + (up.toSeconds() + 1) + " s")
                    : Optional.of("the bandwidth that is allowed is used up for " + (left.toSeconds() + 1) + " s");
        });
    }

    private static String words(Status status) {
        String said = Optional.ofNullable(status.getDescription()).orElse("");
        return switch (status.getCode()) {
            case PERMISSION_DENIED, UNAUTHENTICATED, UNIMPLEMENTED -> "the coordinator refuses: " + said;
            default -> "the coordinator does not answer: " + status.getCode() + " " + said;
        };
    }

    /// A reason that only later versions know is one all the same: it is asked again when the answer says.
    private static String words(NoLease none) {
        String reason = none.getReason() == NoLease.Reason.UNRECOGNIZED
                ? "a reason that this version does not know (" + none.getReasonValue() + ")"
                : none.getReason().toString();
        return reason + (none.getDetail().isEmpty() ? "" : ": " + none.getDetail());
    }

    private AcquireResponse ask(int coordinator) {
        return requests.ask(
                coordinator,
                List.copyOf(lines),
                runs.values().stream().map(LeaseRun::lease).toList());
    }

    /// @return how long to wait before the next request
    private Duration settle(AcquireResponse response, int coordinator) {
        return switch (response.getOutcomeCase()) {
            case GRANT -> {
                idle = Optional.empty();
                lacking = false;
                begin(response.getGrant(), coordinator);
                yield Duration.ZERO;
            }
            case NONE -> {
                release();
                NoLease none = response.getNone();
                lacking = none.getReason() == NoLease.Reason.BUNDLE_MISSING;
                idle = Optional.of(words(none));
                yield Pauses.clamp(
                        Duration.ofMillis(none.getComeBack().getMilliseconds()).dividedBy(rounds.coordinators()));
            }
            case OUTCOME_NOT_SET -> {
                release();
                idle = Optional.of("the coordinator speaks a later version");
                yield Pauses.LONGEST;
            }
        };
    }

    private void release() {
        receiving.release();
        alive.release();
    }

    private void begin(Grant grant, int coordinator) {
        Optional<Line> fitting = line(line -> grant.getBundleDigest()
                                .equals(line.skill().bundleDigest())
                        && grant.getPreprocessingDigest().equals(line.skill().preprocessingDigest()))
                .filter(Line::begin);
        Optional<Line> any = fitting.or(() -> lines.stream().findFirst());
        if (any.isEmpty()) {
            // It came after the last bundle went.
            release();
            requests.giveBack(grant, coordinator);
            return;
        }
        Line line = any.get();
        LeaseRun.Means means = line.means().get(coordinator);
        means.tally().add(Tally.Event.LEASE_GRANTED);
        LeaseRun run = new LeaseRun(means, grant, new LeaseScan(line.skill().viewBytes()));
        if (fitting.isEmpty()) {
            LOG.warn("Shard {}: the lease is for another bundle or preprocessing.", grant.getShardId());
            run.stop();
        }
        long number = sequence.getAndIncrement();
        runs.put(number, run);
        Thread.ofVirtual().name("lease-" + grant.getShardId()).start(() -> {
            AtomicBoolean received = new AtomicBoolean();
            try {
                run.run(() -> {
                    if (received.compareAndSet(false, true)) {
                        receiving.release();
                    }
                });
            } finally {
                if (received.compareAndSet(false, true)) {
                    receiving.release();
                }
                runs.remove(number);
                fitting.ifPresent(used -> used.leases().decrementAndGet());
                if (run.outOfReach()) {
                    unreached.set(true);
                }
                alive.release();
            }
        });
    }

    /// Acquires nothing more, and waits for the leases under way to finish; those that take too long are given
    /// back. May be called again.
    public void drain() {
        draining.countDown();
        try {
            thread.interrupt();
            thread.join();
            if (!finished()) {
                runs.values().forEach(LeaseRun::stop);
                if (!finished()) {
                    LOG.warn(
                            "Leases of the shards {} could not be given back; they will expire.",
                            running().stream()
                                    .map(AgentStatus.LeaseStatus::shard)
                                    .toList());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean finished() throws InterruptedException {
        int all = settings.receiving() + settings.unanswered();
        boolean finished = alive.tryAcquire(all, settings.drain().toMillis(), TimeUnit.MILLISECONDS);
        if (finished) {
            alive.release(all);
        }
        return finished;
    }

    @Override
    public void close() {
        drain();
    }
}
