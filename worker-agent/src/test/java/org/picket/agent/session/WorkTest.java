package org.picket.agent.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.picket.agent.intake.CalledViews;
import org.picket.agent.intake.Route;
import org.picket.agent.intake.ViewRoutes;
import org.picket.agent.intake.ViewSource;
import org.picket.agent.report.Signer;
import org.picket.agent.status.AgentStatus;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.LeasesGrpc;
import org.picket.proto.v1.ReportRequest;
import org.picket.proto.v1.VerdictStatement;
import org.picket.runtime.channel.Pixels;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.time.TimeSource;

class WorkTest extends WorkFixture {
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
    void leaseThatFallsBackToTheRelayShowsItsRouteAndWhy() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        ViewSource direct = (_, _, taker) -> {
            taker.closed(Status.UNAVAILABLE);
            return ended();
        };
        ViewSource called = new CalledViews(toViews);
        ViewSource relay = new ViewSource() {
            @Override
            public Opened open(Grant grant, int frames, Taker taker) {
                return called.open(grant, frames, taker);
            }

            @Override
            public Route route() {
                return Route.RELAY;
            }
        };
        lease(1, LONG, chunk(0, 0, 1), open, segment(0, 1), end(1));
        start(toLeases, new ViewRoutes() {
            @Override
            public List<ViewSource> to(Grant grant) {
                return List.of(direct, relay);
            }

            @Override
            public List<String> downgrades(Instant now) {
                return List.of("the crawler could not be reached");
            }
        });
        while (work.orElseThrow().status(ENGINE).views() == 0) {
            Thread.onSpinWait();
        }
        AgentStatus status = work.orElseThrow().status(ENGINE);
        assertEquals(Optional.of(Route.RELAY), status.leases().getFirst().route());
        assertEquals(List.of("the crawler could not be reached"), status.downgrades());
        open.countDown();
        coordinator.await(() -> coordinator.reports().size() == 1);
    }

    private static ViewSource.Opened ended() {
        return new ViewSource.Opened() {
            @Override
            public void request(int frames) {
                // Nothing comes.
            }

            @Override
            public void cancel() {
                // There is nothing to end.
            }
        };
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
        assertEquals(ScorerFake.VIEW_BYTES, status.flow().in().all());
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
    void leaseThatComesAfterTheLastBundleWentIsGivenBack() throws Exception {
        start();
        coordinator.meanwhile = () -> work.orElseThrow().remove(LeasesFake.BUNDLE);
        lease(1, LONG, chunk(0, 0, 1), segment(0, 1), end(1));
        coordinator.await(() -> coordinator.givenBack().size() == 1);
        GiveBackRequest given = coordinator.givenBack().getFirst();
        assertEquals(1, given.getShardId());
        assertEquals(GiveBackRequest.Reason.STOPPING, given.getReason());
        while (!work.orElseThrow().status(ENGINE).idle().orElse("").equals("there is no bundle yet")) {
            Thread.onSpinWait();
        }
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
}
