package org.picket.agent.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.picket.agent.intake.ViewRoutes;
import org.picket.agent.report.Signer;
import org.picket.agent.status.AgentStatus;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.Opened;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.LeasesGrpc;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.proto.v1.ReportRequest;
import org.picket.proto.v1.TicketStatement;
import org.picket.proto.v1.VerdictStatement;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Pixels;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.channel.ViewsWire;
import org.picket.runtime.time.TimeSource;

@Timeout(30)
class WorkTest {
    private static final long LONG = 60_000;
    private static final Attempts QUICK = new Attempts(5, Duration.ofMillis(1), Duration.ofMillis(2));
    private static final AgentStatus.EngineStatus ENGINE = new AgentStatus.EngineStatus("CPU", List.of(), List.of());
    private static final AgentSettings SETTINGS = new AgentSettings(
            2, 4, 16, Duration.ofMillis(2), Duration.ofMillis(50), Duration.ofSeconds(10), AgentLimits.NONE);

    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private final LeasesFake coordinator = new LeasesFake();
    private final ScorerFake scorer = new ScorerFake();
    private final Map<Long, List<Object>> scripts = new ConcurrentHashMap<>();
    private final Server leases =
            Servers.inProcess("work-leases", ChannelSettings.DEFAULT, List.of(coordinator.bindService()), List.of());
    private final Server views =
            Servers.inProcess("work-views", ChannelSettings.DEFAULT, List.of(ViewsWire.serve(this::open)), List.of());
    private final ManagedChannel toLeases = Channels.inProcess("work-leases", ChannelSettings.DEFAULT, List.of());
    private final ManagedChannel toViews = Channels.inProcess("work-views", ChannelSettings.DEFAULT, List.of());
    private AgentSettings settings = SETTINGS;
    private Optional<Work> work = Optional.empty();

    @AfterEach
    void close() {
        work.ifPresent(Work::close);
        toViews.shutdownNow();
        toLeases.shutdownNow();
        views.shutdownNow();
        leases.shutdownNow();
    }

    @Test
    void eachLeaseEndsInOneSignedVerdictOverAllItsViews() throws Exception {
        for (long shard = 1; shard <= 12; shard++) {
            lease(shard, LONG, chunk(0, 0, 1), chunk(0, 1, 2), segment(0, 2), chunk(3, 0, 3), segment(2, 4), end(4));
        }
        start();
        coordinator.await(() -> coordinator.reports().size() == 12);
        for (ReportRequest report : coordinator.reports()) {
            VerdictStatement verdict = verdict(report);
            assertEquals(0, verdict.getFrom());
            assertEquals(4, verdict.getTo());
            assertEquals(3, verdict.getViews());
            assertEquals(LeasesFake.BUNDLE, verdict.getBundleDigest());
            assertEquals("fake", verdict.getProviderClass());
            assertEquals(viewsDigest(1, 2, 3), verdict.getViewsDigest());
            assertEquals(scores(1, 2, 3), report.getScores());
        }
        AgentStatus status = work.orElseThrow().status(ENGINE);
        assertEquals(36, status.views());
        assertEquals(12, status.counts().leases());
        assertTrue(scorer.batches.get() < 36, scorer.batches + " batches for 36 views");
    }

    @Test
    void verdictIsSentAgainByteForByteUntilItIsAnswered() throws Exception {
        coordinator.failingReports.set(3);
        lease(1, LONG, chunk(0, 0, 1), segment(0, 1), end(1));
        start();
        coordinator.await(() -> coordinator.reports().size() == 4);
        assertEquals(1, coordinator.reports().stream().distinct().count());
    }

    @Test
    void longLeaseReportsItsCompleteSegmentsEarly() throws Exception {
        CountDownLatch reported = new CountDownLatch(1);
        lease(1, 300, chunk(0, 0, 1), segment(0, 2), chunk(2, 0, 2), reported, segment(2, 3), end(3));
        start();
        // On a slow machine a beat may come before the first view is scored.
        coordinator.await(() -> coordinator.reports().size() == 1
                && coordinator.heartbeats().stream().anyMatch(beat -> beat.getCursor() == 2));
        reported.countDown();
        coordinator.await(() -> coordinator.reports().size() == 2);
        VerdictStatement first = verdict(coordinator.reports().get(0));
        VerdictStatement second = verdict(coordinator.reports().get(1));
        assertEquals(List.of(0, 2, 1), List.of(first.getFrom(), first.getTo(), first.getViews()));
        assertEquals(List.of(2, 3, 1), List.of(second.getFrom(), second.getTo(), second.getViews()));
        assertEquals(viewsDigest(2), second.getViewsDigest());
    }

    @Test
    void lostLeaseHasNoFurtherEffect() throws Exception {
        coordinator.losing = true;
        CountDownLatch never = new CountDownLatch(1);
        lease(1, 150, chunk(0, 0, 1), never, segment(0, 1), end(1));
        start();
        coordinator.await(() -> !coordinator.heartbeats().isEmpty());
        never.countDown();
        lease(2, LONG, chunk(0, 0, 1), segment(0, 1), end(1));
        coordinator.await(() -> coordinator.reports().size() == 1);
        assertEquals(2, verdict(coordinator.reports().getFirst()).getShardId());
        assertEquals(1, work.orElseThrow().status(ENGINE).counts().lost());
    }

    @Test
    void brokenStreamIsGivenBackAndHarmsNoOther() throws Exception {
        lease(1, LONG, chunk(0, 0, 1), Status.UNAVAILABLE.withDescription("crawler died"));
        lease(2, LONG, chunk(1, 0, 1), chunk(0, 0, 1), segment(0, 2), end(2));
        lease(3, LONG, chunk(0, 0, 1), segment(0, 1), end(2));
        lease(4, LONG, new ViewFrame.Chunk(0, 0, Pixels.of(new byte[5])), segment(0, 1), end(1));
        lease(5, LONG, chunk(0, 0, 1), segment(0, 1), end(1));
        start();
        coordinator.await(() -> coordinator.givenBack().size() == 4
                && coordinator.reports().stream().anyMatch(report -> shard(report) == 5));
        for (GiveBackRequest request : coordinator.givenBack()) {
            assertEquals(
                    request.getDetail().contains("crawler died")
                            ? GiveBackRequest.Reason.VIEWS_OUT_OF_REACH
                            : GiveBackRequest.Reason.VIEWS_FAILED,
                    request.getReason(),
                    request.getDetail());
        }
    }

    @Test
    void viewWithoutScoreCostsItsOwnLeaseAlone() throws Exception {
        lease(1, LONG, chunk(0, 0, 1), chunk(1, 0, ScorerFake.POISON), segment(0, 2), end(2));
        lease(2, LONG, chunk(0, 0, 4), chunk(1, 0, 5), segment(0, 2), end(2));
        start();
        coordinator.await(() ->
                coordinator.givenBack().size() == 1 && coordinator.reports().size() == 1);
        assertEquals(
                GiveBackRequest.Reason.INFERENCE_FAILED,
                coordinator.givenBack().getFirst().getReason());
        assertEquals(scores(4, 5), coordinator.reports().getFirst().getScores());
    }

    @Test
    void leaseWithoutAnyObjectNeedsNoVerdict() throws Exception {
        lease(1, LONG, end(0));
        lease(2, LONG, segment(0, 3), end(3));
        start();
        coordinator.await(() -> coordinator.reports().size() == 1);
        VerdictStatement verdict = verdict(coordinator.reports().getFirst());
        assertEquals(List.of(2L, 0), List.of(verdict.getShardId(), verdict.getViews()));
    }

    @Test
    void errorWhileAskingForALeaseDoesNotEndTheLoop() throws Exception {
        AtomicInteger errors = new AtomicInteger(SETTINGS.receiving());
        ClientInterceptor failing = new ClientInterceptor() {
            @Override
            public <A, B> ClientCall<A, B> interceptCall(
                    MethodDescriptor<A, B> method, CallOptions options, Channel next) {
                if (method.equals(LeasesGrpc.getAcquireMethod()) && errors.getAndDecrement() > 0) {
                    throw new StackOverflowError("synthetic");
                }
                return next.newCall(method, options);
            }
        };
        lease(1, LONG, chunk(0, 0, 1), segment(0, 1), end(1));
        start(ClientInterceptors.intercept(toLeases, failing), ViewRoutes.within(toViews));
        coordinator.await(() -> coordinator.reports().size() == 1);
    }

    @Test
    void leaseWhoseCrawlerHasNoAddressIsGivenBackWithoutBlame() throws Exception {
        coordinator.grant(1, LONG);
        start(toLeases, _ -> List.of());
        coordinator.await(() -> coordinator.givenBack().size() == 1);
        assertEquals(
                GiveBackRequest.Reason.VIEWS_OUT_OF_REACH,
                coordinator.givenBack().getFirst().getReason());
    }

    @Test
    void agentTakesNoLeaseWhileItsOperatorDoesNotLetItAndSaysWhy() throws Exception {
        AtomicReference<Optional<String>> refusal = new AtomicReference<>(Optional.of("paused"));
        lease(1, LONG, chunk(0, 0, 1), segment(0, 1), end(1));
        settings = SETTINGS.with(new AgentLimits(_ -> refusal.get(), OptionalLong.empty()));
        start();
        while (!work.orElseThrow().status(ENGINE).idle().equals(Optional.of("paused"))) {
            Thread.onSpinWait();
        }
        assertEquals(0, work.orElseThrow().status(ENGINE).counts().leases());
        refusal.set(Optional.empty());
        coordinator.await(() -> coordinator.reports().size() == 1);
        refusal.set(Optional.of("paused"));
        while (!work.orElseThrow().resting()) {
            Thread.onSpinWait();
        }
        AgentStatus status = work.orElseThrow().status(ENGINE);
        assertEquals(1, status.counts().acceptedViews());
        assertEquals(ScorerFake.VIEW_BYTES, status.flow().bytes());
    }

    @Test
    void drainingAgentFinishesWhatItHas() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        lease(1, LONG, chunk(0, 0, 1), open, segment(0, 1), end(1));
        start();
        coordinator.await(() -> true);
        while (work.orElseThrow().status(ENGINE).views() == 0) {
            Thread.onSpinWait();
        }
        Thread closing = Thread.ofVirtual().start(() -> work.orElseThrow().close());
        open.countDown();
        closing.join();
        assertEquals(1, coordinator.reports().size());
        assertTrue(work.orElseThrow().status(ENGINE).leases().isEmpty());
    }

    @Test
    void leasesOfSeveralBundlesAreScoredByTheirOwnAndNeverTogether() throws Exception {
        ScorerFake other = new ScorerFake();
        for (long shard = 1; shard <= 12; shard++) {
            lease(
                    shard,
                    shard % 3 == 0 ? LeasesFake.OTHER_BUNDLE : LeasesFake.BUNDLE,
                    chunk(0, 0, (int) shard),
                    segment(0, 1),
                    end(1));
        }
        Work.Station first = new Work.Station(
                new LeaseLoop.Skill(LeasesFake.BUNDLE, LeasesFake.PREPROCESSING, "fake", ScorerFake.VIEW_BYTES),
                scorer,
                new Signer(key, "fake", "test"));
        Work.Station second = new Work.Station(
                new LeaseLoop.Skill(LeasesFake.OTHER_BUNDLE, LeasesFake.PREPROCESSING, "slow", ScorerFake.VIEW_BYTES),
                other,
                new Signer(key, "slow", "test"));
        work = Optional.of(new Work(
                new Work.Peers(toLeases, ViewRoutes.within(toViews)),
                List.of(first, second),
                QUICK,
                SETTINGS,
                TimeSource.system()));
        coordinator.await(() -> coordinator.reports().size() == 12);
        assertEquals(List.of(LeasesFake.BUNDLE, LeasesFake.OTHER_BUNDLE), coordinator.asked);
        for (ReportRequest report : coordinator.reports()) {
            VerdictStatement verdict = verdict(report);
            boolean third = verdict.getShardId() % 3 == 0;
            assertEquals(third ? LeasesFake.OTHER_BUNDLE : LeasesFake.BUNDLE, verdict.getBundleDigest());
            assertEquals(third ? "slow" : "fake", verdict.getProviderClass());
            assertEquals(viewsDigest((int) verdict.getShardId()), verdict.getViewsDigest());
        }
        assertEquals(8, scorer.views.get());
        assertEquals(4, other.views.get());
    }

    private void start() {
        start(toLeases, ViewRoutes.within(toViews));
    }

    private void start(Channel coordinatorChannel, ViewRoutes routes) {
        work = Optional.of(new Work(
                new Work.Peers(coordinatorChannel, routes),
                new LeaseLoop.Skill(LeasesFake.BUNDLE, LeasesFake.PREPROCESSING, "fake", ScorerFake.VIEW_BYTES),
                scorer,
                new Signer(key, "fake", "test"),
                QUICK,
                settings,
                TimeSource.system()));
    }

    private void lease(long shard, ByteString bundle, Object... script) {
        scripts.put(shard, List.of(script));
        coordinator.grant(shard, LONG, bundle);
    }

    private void lease(long shard, long ttl, Object... script) {
        scripts.put(shard, List.of(script));
        coordinator.grant(shard, ttl);
    }

    /// Plays the script of the ticket's shard: frames, latches to wait for, or a status to fail with.
    private void open(OpenViewsRequest request, StreamObserver<ViewFrame> observer) {
        Thread.ofVirtual().start(() -> {
            try {
                long shard = TicketStatement.parseFrom(request.getTicket().getStatement())
                        .getShardId();
                for (Object step : scripts.get(shard)) {
                    switch (step) {
                        case ViewFrame frame -> observer.onNext(frame);
                        case CountDownLatch latch -> latch.await();
                        case Status status -> {
                            observer.onError(status.asRuntimeException());
                            return;
                        }
                        default -> throw new IllegalArgumentException("no such step");
                    }
                }
                observer.onCompleted();
            } catch (InvalidProtocolBufferException | InterruptedException e) {
                throw new AssertionError(e);
            } catch (io.grpc.StatusRuntimeException e) {
                // The agent has had enough of this lease.
                assertEquals(Status.Code.CANCELLED, e.getStatus().getCode());
            }
        });
    }

    private static byte[] pixels(int first) {
        byte[] pixels = new byte[ScorerFake.VIEW_BYTES];
        pixels[0] = (byte) first;
        pixels[1] = (byte) -first;
        return pixels;
    }

    private static ViewFrame chunk(int ordinal, int view, int first) {
        return new ViewFrame.Chunk(ordinal, view, Pixels.of(pixels(first)));
    }

    private static ViewFrame segment(int from, int to) {
        return new ViewFrame.Segment(from, to);
    }

    private static ViewFrame end(int objects) {
        return new ViewFrame.End(objects);
    }

    private static ByteString viewsDigest(int... firsts) {
        ByteArrayOutputStream together = new ByteArrayOutputStream();
        for (int first : firsts) {
            together.writeBytes(Digest.of(pixels(first)).toByteArray());
        }
        return Digest.of(together.toByteArray()).bytes();
    }

    private static ByteString scores(int... firsts) {
        ByteBuffer bytes = ByteBuffer.allocate(firsts.length * 4);
        for (int first : firsts) {
            bytes.putShort((short) first).putShort((short) -first);
        }
        return ByteString.copyFrom(bytes.flip());
    }

    private VerdictStatement verdict(ReportRequest report) {
        Opened<VerdictStatement> opened = Opened.open(
                SealKind.VERDICT,
                report.getVerdict(),
                VerdictStatement.parser(),
                id -> Optional.of(key.verifyingKey()).filter(known -> known.id().equals(id)),
                10_000);
        VerdictStatement verdict =
                (VerdictStatement) assertInstanceOf(Opened.Valid.class, opened).statement();
        assertEquals(Digest.of(report.getScores()).bytes(), verdict.getScoresDigest());
        return verdict;
    }

    private long shard(ReportRequest report) {
        return verdict(report).getShardId();
    }
}
