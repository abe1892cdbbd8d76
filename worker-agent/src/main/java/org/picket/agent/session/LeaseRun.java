package org.picket.agent.session;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.picket.agent.intake.LeaseScan;
import org.picket.agent.intake.Passage;
import org.picket.agent.intake.Trouble;
import org.picket.agent.intake.ViewIntake;
import org.picket.agent.report.Answer;
import org.picket.agent.report.Reporter;
import org.picket.agent.report.Signer;
import org.picket.agent.status.AgentStatus;
import org.picket.agent.status.Tally;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.HeartbeatRequest;
import org.picket.proto.v1.HeartbeatResponse;
import org.picket.proto.v1.LeasesGrpc.LeasesBlockingStub;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One lease from its grant to its end, on a thread of its own.
///
/// The verdict is normally one, at the end. A lease that takes longer than the time between two heartbeats
/// reports its complete segments with each of them, so that an agent that dies costs no more than what it had
/// not reported. So does an agent of which no verdict was accepted yet, as soon as a segment is complete: whether all
/// of it works shows at once, and not after a lease's work.
final class LeaseRun {
    /// A lease is renewed three times within its term: two may get lost.
    private static final int BEATS = 3;

    private static final Duration SHORTEST_BEAT = Duration.ofMillis(50);
    private static final Logger LOG = LoggerFactory.getLogger(LeaseRun.class);

    /// What a run needs of its agent.
    record Means(
            ViewIntake intake,
            Signer signer,
            Reporter reporter,
            LeasesBlockingStub leases,
            Tally tally,
            Duration firstLook,
            TimeSource time) {}

    private final Means means;
    private final Grant grant;
    private final LeaseScan scan;
    private volatile boolean stopping;
    private volatile Optional<ViewIntake.Stream> views = Optional.empty();
    private boolean over;
    private Duration beat;
    private Instant nextBeat;
    /// When it is seen to what can be reported.
    private Instant nextLook;
    /// When the lease is over unless the coordinator is heard of before.
    private Instant holdsUntil;

    LeaseRun(Means means, Grant grant, LeaseScan scan) {
        this.means = means;
        this.grant = grant;
        this.scan = scan;
        this.beat = beat(grant.getTtl().getMilliseconds());
        this.nextBeat = means.time().now().plus(beat);
        this.nextLook = afterThis(means.time().now());
        this.holdsUntil = means.time().now().plus(beat.multipliedBy(BEATS));
    }

    private static Duration beat(long ttlMillis) {
        Duration third = Duration.ofMillis(ttlMillis).dividedBy(BEATS);
        return third.compareTo(SHORTEST_BEAT) < 0 ? SHORTEST_BEAT : third;
    }

    /// The lease's id.
    ByteString lease() {
        return grant.getFence().getLeaseId();
    }

    AgentStatus.LeaseStatus status() {
        return new AgentStatus.LeaseStatus(
                grant.getShardId(),
                scan.cursor(),
                grant.getObjects(),
                scan.waiting(),
                views.flatMap(ViewIntake.Stream::route));
    }

    /// Whether the crawler was out of reach: the next lease of its storage would fare no better just now.
    boolean outOfReach() {
        return scan.trouble()
                .filter(trouble -> trouble.part() == Trouble.Part.ROUTE)
                .isPresent();
    }

    /// Gives the lease back at the next opportunity.
    void stop() {
        stopping = true;
        scan.fail(new Trouble(Trouble.Part.VIEWS, "the agent is stopping"));
    }

    /// Blocks until the lease is over. Calls `received` as soon as no more views are to come.
    void run(Runnable received) {
        ViewIntake.Stream stream = means.intake().open(grant, scan);
        views = Optional.of(stream);
        try {
            boolean told = false;
            while (!over) {
                if (!told && scan.awaitEnd(untilLook())) {
                    told = true;
                    received.run();
                }
                step(told ? scan.await(untilLook()) : LeaseScan.Standing.UNDER_WAY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StatusRuntimeException e) {
            LOG.warn("Shard {}: the coordinator does not answer; its lease is left to expire: {}", shard(), words(e));
        } finally {
            stream.cancel();
        }
    }

    private void step(LeaseScan.Standing standing) {
        switch (standing) {
            case COMPLETE -> {
                report();
                over = true;
            }
            case FAILED -> {
                giveBack();
                over = true;
            }
            case UNDER_WAY -> {
                Instant now = means.time().now();
                if (!now.isBefore(nextLook)) {
                    report();
                    if (!over && !now.isBefore(nextBeat)) {
                        heartbeat();
                        nextBeat = means.time().now().plus(beat);
                    }
                    nextLook = afterThis(means.time().now());
                }
            }
        }
    }

    private Duration untilLook() {
        return Duration.between(means.time().now(), nextLook);
    }

    private Instant afterThis(Instant now) {
        Instant soon = now.plus(means.firstLook());
        boolean proven = means.tally().count(Tally.Event.VERDICT_ACCEPTED) > 0;
        return proven || soon.isAfter(nextBeat) ? nextBeat : soon;
    }

    private void report() {
        Optional<Passage> passage = scan.passage();
        if (passage.isEmpty()) {
            return;
        }
        Answer answer = means.reporter()
                .report(means.signer().sign(grant, passage.get(), means.time().now()));
        switch (answer) {
            case Answer.Accepted accepted -> {
                means.tally().accepted(passage.get().views());
                scan.reported(passage.get());
                over = over || accepted.complete();
            }
            case Answer.Evidence evidence -> {
                means.tally().add(Tally.Event.VERDICT_LATE);
                LOG.info("Shard {}: the verdict came too late ({}).", shard(), evidence.reason());
                over = true;
            }
            case Answer.Rejected rejected -> {
                means.tally().add(Tally.Event.VERDICT_REJECTED);
                LOG.warn(
                        "Shard {}: the coordinator rejected the verdict: {} {}",
                        shard(),
                        rejected.reason(),
                        rejected.detail());
                giveBack(GiveBackRequest.Reason.INFERENCE_FAILED, "verdict rejected: " + rejected.reason());
                over = true;
            }
        }
    }

    private void heartbeat() {
        HeartbeatRequest request = HeartbeatRequest.newBuilder()
                .setFence(grant.getFence())
                .setShardId(shard())
                .setCursor(scan.cursor())
                .build();
        try {
            HeartbeatResponse response = means.leases().heartbeat(request);
            switch (response.getOutcomeCase()) {
                case TTL -> {
                    beat = beat(response.getTtl().getMilliseconds());
                    holdsUntil = means.time().now().plus(beat.multipliedBy(BEATS));
                }
                case LOST -> lost(response.getLost().getReason().toString());
                // A later version's word, of which only this much is known: it is no leave to go on.
                case OUTCOME_NOT_SET -> lost("the coordinator speaks a later version");
            }
        } catch (StatusRuntimeException e) {
            // The next one may come through; whether the lease still holds, the coordinator will say.
            LOG.warn("Shard {}: a heartbeat failed: {}", shard(), words(e));
            if (means.time().now().isAfter(holdsUntil)) {
                means.tally().add(Tally.Event.LEASE_LOST);
                over = true;
            }
        }
    }

    private void lost(String why) {
        means.tally().add(Tally.Event.LEASE_LOST);
        LOG.info("Shard {}: the lease is lost ({}).", shard(), why);
        over = true;
    }

    private void giveBack() {
        Trouble trouble = scan.trouble().orElse(new Trouble(Trouble.Part.VIEWS, "unknown"));
        GiveBackRequest.Reason reason = stopping
                ? GiveBackRequest.Reason.STOPPING
                : switch (trouble.part()) {
                    case VIEWS -> GiveBackRequest.Reason.VIEWS_FAILED;
                    case INFERENCE -> GiveBackRequest.Reason.INFERENCE_FAILED;
                    case ROUTE -> GiveBackRequest.Reason.VIEWS_OUT_OF_REACH;
                };
        report();
        if (!over) {
            giveBack(reason, trouble.detail());
        }
    }

    private void giveBack(GiveBackRequest.Reason reason, String detail) {
        means.tally().add(Tally.Event.LEASE_GIVEN_BACK);
        LOG.info("Shard {}: the lease is given back ({}: {}).", shard(), reason, detail);
        means.leases()
                .giveBack(GiveBackRequest.newBuilder()
                        .setFence(grant.getFence())
                        .setShardId(shard())
                        .setReason(reason)
                        .setDetail(detail)
                        .build());
    }

    private long shard() {
        return grant.getShardId();
    }

    private static String words(StatusRuntimeException e) {
        return e.getStatus().getCode() + " " + e.getStatus().getDescription();
    }
}
