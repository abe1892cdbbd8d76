package org.picket.agent.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.picket.agent.intake.ViewRoutes;
import org.picket.agent.report.Signer;
import org.picket.agent.status.AgentStatus;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.AcquireResponse;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.HeartbeatResponse;
import org.picket.proto.v1.LeaseLost;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.ReportKeptAsEvidence;
import org.picket.proto.v1.ReportRejected;
import org.picket.proto.v1.ReportResponse;
import org.picket.proto.v1.Span;
import org.picket.proto.v1.TicketStatement;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Pixels;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.channel.ViewsWire;
import org.picket.runtime.time.TimeSource;

/// A coordinator one version newer than its agent: reasons that the agent does not know, and answers of which it
/// knows no part. Each time the agent lets go of what it had, and works on.
@Timeout(30)
class LaterVersionTest {
    private static final int LATER = 77;
    private static final AgentStatus.EngineStatus ENGINE = new AgentStatus.EngineStatus("CPU", List.of());
    private static final AgentSettings SETTINGS = new AgentSettings(
            1,
            1,
            16,
            Duration.ofMillis(2),
            Duration.ofMillis(50),
            Duration.ofSeconds(10),
            Duration.ofMillis(100),
            AgentLimits.NONE);

    private final LeasesFake coordinator = new LeasesFake();
    private final CountDownLatch held = new CountDownLatch(1);
    private final Server leases =
            Servers.inProcess("later-leases", ChannelSettings.DEFAULT, List.of(coordinator.bindService()), List.of());
    private final Server views = Servers.inProcess(
            "later-views",
            ChannelSettings.DEFAULT,
            List.of(ViewsWire.serve((request, observer) -> Thread.ofVirtual().start(() -> {
                try {
                    boolean slow = TicketStatement.parseFrom(request.getTicket().getStatement())
                                    .getShardId()
                            == SLOW;
                    observer.onNext(new ViewFrame.Chunk(0, 0, Pixels.of(new byte[ScorerFake.VIEW_BYTES])));
                    if (slow) {
                        held.await();
                    }
                    observer.onNext(new ViewFrame.Segment(0, 1));
                    observer.onNext(new ViewFrame.End(1));
                    observer.onCompleted();
                } catch (InterruptedException | com.google.protobuf.InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                } catch (io.grpc.StatusRuntimeException e) {
                    held.countDown();
                }
            }))),
            List.of());
    private static final long SLOW = 1;
    private static final long QUICK = 2;

    private final ManagedChannel toLeases = Channels.inProcess("later-leases", ChannelSettings.DEFAULT, List.of());
    private final ManagedChannel toViews = Channels.inProcess("later-views", ChannelSettings.DEFAULT, List.of());
    private Optional<Work> work = Optional.empty();

    @AfterEach
    void close() {
        held.countDown();
        work.ifPresent(Work::close);
        toViews.shutdownNow();
        toLeases.shutdownNow();
        views.shutdownNow();
        leases.shutdownNow();
    }

    private void start() {
        work = Optional.of(new Work(
                new Work.Peers(toLeases, ViewRoutes.within(toViews)),
                new LeaseLoop.Skill(LeasesFake.BUNDLE, LeasesFake.PREPROCESSING, "fake", ScorerFake.VIEW_BYTES),
                new ScorerFake(),
                new Signer(SigningKey.generate(new SecureRandom()), "fake", "test"),
                new Attempts(2, Duration.ofMillis(1), Duration.ofMillis(2)),
                SETTINGS,
                TimeSource.system()));
    }

    private AgentStatus status() {
        return work.orElseThrow().status(ENGINE);
    }

    /// @return why no lease came
    private String waits(AcquireResponse later) {
        coordinator.laterGrant.set(Optional.of(later));
        start();
        while (!status().idle().orElse("").contains("version")) {
            Thread.onSpinWait();
        }
        return status().idle().orElseThrow();
    }

    @Test
    void reasonOfALaterVersionIsToldByItsNumberAndAskedAgainWhenItSays() throws Exception {
        coordinator.grant(QUICK, 60_000);
        String idle = waits(AcquireResponse.newBuilder()
                .setNone(NoLease.newBuilder()
                        .setReasonValue(LATER)
                        .setDetail("the moon is full")
                        .setComeBack(Span.newBuilder().setMilliseconds(500)))
                .build());
        assertEquals("a reason that this version does not know (77): the moon is full", idle);
        coordinator.await(() -> coordinator.reports().size() == 1);
    }

    @Test
    void answerThatIsNoGrantAndNoReasonIsWaitedAfter() {
        assertTrue(waits(AcquireResponse.getDefaultInstance()).contains("a later version"));
        assertTrue(work.orElseThrow().status(ENGINE).leases().isEmpty());
    }

    private void slowLease(HeartbeatResponse beat) throws Exception {
        coordinator.laterBeat.set(Optional.of(beat));
        coordinator.grant(SLOW, 300);
        start();
        coordinator.await(() -> coordinator.heartbeats().size() == 1);
        coordinator.grant(QUICK, 60_000);
        coordinator.await(() -> coordinator.reports().size() == 1);
        assertEquals(1, coordinator.heartbeats().size(), "it went on with a lease that it may not have");
        assertEquals(1, status().counts().lost());
    }

    @Test
    void leaseThatIsLostForAReasonOfALaterVersionIsLost() throws Exception {
        slowLease(HeartbeatResponse.newBuilder()
                .setLost(LeaseLost.newBuilder().setReasonValue(LATER))
                .build());
    }

    /// It is no leave to go on, and no leave to ask twenty times a second.
    @Test
    void heartbeatThatIsAnsweredWithNothingKnownEndsTheLease() throws Exception {
        slowLease(HeartbeatResponse.getDefaultInstance());
    }

    private void verdict(ReportResponse later, int givenBack) throws Exception {
        coordinator.laterReport.set(Optional.of(later));
        coordinator.grant(QUICK, 60_000);
        start();
        coordinator.await(() -> coordinator.reports().size() == 1);
        coordinator.grant(QUICK, 60_000);
        coordinator.await(() ->
                coordinator.reports().size() == 2 && coordinator.givenBack().size() == givenBack);
    }

    @Test
    void verdictThatIsRejectedForAReasonOfALaterVersionIsGivenBack() throws Exception {
        verdict(
                ReportResponse.newBuilder()
                        .setRejected(ReportRejected.newBuilder().setReasonValue(LATER))
                        .build(),
                1);
        assertEquals(
                GiveBackRequest.Reason.INFERENCE_FAILED,
                coordinator.givenBack().getFirst().getReason());
    }

    @Test
    void verdictThatIsLateForAReasonOfALaterVersionIsOver() throws Exception {
        verdict(
                ReportResponse.newBuilder()
                        .setEvidence(ReportKeptAsEvidence.newBuilder().setReasonValue(LATER))
                        .build(),
                0);
    }

    @Test
    void verdictThatIsAnsweredWithNothingKnownIsLeftToTheCoordinator() throws Exception {
        verdict(ReportResponse.getDefaultInstance(), 0);
    }
}
