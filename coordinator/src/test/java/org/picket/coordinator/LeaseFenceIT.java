package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.MemberId;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.LeaseLost;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.ReportRejected;
import org.picket.proto.v1.ReportRequest;
import org.picket.proto.v1.ReportResponse;
import org.picket.proto.v1.VerdictStatement;

class LeaseFenceIT extends ScannedStorage {
    @Test
    void expiredLeaseCannotReport() {
        fill(60);
        long listing = crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        ReportRequest verdict = agent.verdict(grant, crawler.supply(grant).getFirst());

        collective.time.pass(Collective.TTL.plusSeconds(1));
        assertEquals(1, collective.coordinator.sweep());

        assertEquals(
                LeaseLost.Reason.EXPIRED, agent.report(verdict).getEvidence().getReason());
        assertEquals(0, listing(listing).counts().done());
        assertEquals(1, late());
    }

    @Test
    void leaseOfALostAgentIsLeasedAnewAtOnceThoughNothingHadComeForIt() {
        fill(60);
        crawler.list();
        Grant stale = collective.agent(1).lease();
        collective.time.pass(Collective.TTL.plusMillis(1));
        assertEquals(1, collective.coordinator.sweep());
        Grant fresh = collective.agent(2).lease();
        assertEquals(stale.getShardId(), fresh.getShardId());
    }

    @Test
    void zombieChangesNothingAfterItsShardWasLeasedAnew() {
        fill(60);
        long listing = crawler.list();
        FakeAgent zombie = collective.agent(1);
        Grant stale = zombie.lease();
        ReportRequest verdict = zombie.verdict(stale, crawler.supply(stale).getFirst());
        collective.time.pass(Collective.TTL.plusSeconds(1));
        collective.coordinator.sweep();
        FakeAgent other = collective.agent(2);
        Grant fresh = other.lease();
        assertEquals(stale.getShardId(), fresh.getShardId());
        assertEquals(stale.getFence().getLeaseEpoch() + 1, fresh.getFence().getLeaseEpoch());
        assertNotEquals(stale.getFence().getLeaseId(), fresh.getFence().getLeaseId());

        assertTrue(zombie.report(verdict).hasEvidence());
        assertTrue(zombie.beat(stale, 1).hasLost());

        for (FakeCrawler.Segment segment : crawler.supply(fresh)) {
            assertTrue(other.report(other.verdict(fresh, segment)).hasAccepted());
        }
        other.work(crawler);
        assertEquals(60, listing(listing).counts().cleared());
    }

    @Test
    void heartbeatKeepsALeaseThatMakesProgress() {
        fill(10);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        crawler.supply(grant);
        for (int cursor = 1; cursor < 8; cursor++) {
            collective.time.pass(Collective.TTL.minusSeconds(1));
            assertTrue(agent.beat(grant, cursor).hasTtl());
            assertEquals(0, collective.coordinator.sweep());
        }
        for (int beat = 0; beat < 5; beat++) {
            collective.time.pass(Collective.TTL.minusSeconds(1));
            agent.beat(grant, 7);
        }
        collective.time.pass(Duration.ofSeconds(20));
        assertEquals(LeaseLost.Reason.STALLED, agent.beat(grant, 7).getLost().getReason());
    }

    @Test
    void leaseThatItsCrawlerHoldsUpIsNotStalledUntilReportsAreOverdue() {
        fill(10);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        crawler.resolve(grant);
        Duration beat = Collective.TTL.minusSeconds(1);
        for (Duration held = beat; held.compareTo(Collective.TTL.multipliedBy(30)) <= 0; held = held.plus(beat)) {
            collective.time.pass(beat);
            crawler.report(grant, 0, List.of(), false);
            assertTrue(agent.beat(grant, 0).hasTtl());
        }
        Status.Code elsewhere = assertThrows(
                        StatusRuntimeException.class, () -> crawler.report(grant, 1, List.of(), false))
                .getStatus()
                .getCode();
        assertEquals(Status.Code.FAILED_PRECONDITION, elsewhere, "a word about another place");
        collective.time.pass(beat);
        crawler.report(grant, 0, List.of(), false);
        assertEquals(LeaseLost.Reason.STALLED, agent.beat(grant, 0).getLost().getReason());
    }

    @Test
    void leaseThatWasHeldUpIsSuppliedAndRuledAsAnyOther() {
        fill(10);
        long listing = crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        List<Item> items = crawler.leased(crawler.resolve(grant));
        crawler.report(grant, 0, List.of(), false);
        crawler.report(grant, 0, List.of(), false);
        FakeCrawler.Segment first = crawler.segment(grant, 0, items.subList(0, 4), false);
        crawler.report(grant, 4, List.of(), false);
        assertTrue(agent.report(agent.verdict(grant, first)).hasAccepted());
        crawler.report(grant, 4, List.of(), false);
        FakeCrawler.Segment rest = crawler.segment(grant, 4, items.subList(4, items.size()), true);
        assertTrue(agent.report(agent.verdict(grant, rest)).hasAccepted());
        agent.work(crawler);
        assertEquals(10, listing(listing).counts().cleared());
    }

    @Test
    void sameReportTwiceHasOneEffect() {
        fill(60);
        long listing = crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        ReportRequest verdict = agent.verdict(grant, crawler.supply(grant).getFirst());

        assertFalse(agent.report(verdict).getAccepted().getRepeatedReport());
        ReportResponse again = agent.report(verdict);

        assertTrue(again.getAccepted().getRepeatedReport());
        assertTrue(again.getAccepted().getComplete());
        assertEquals(60, listing(listing).counts().cleared());
    }

    @Test
    void verdictServesNoOtherLease() {
        fill(300);
        long listing = crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant first = agent.lease();
        Grant second = agent.lease();
        FakeCrawler.Segment segment = crawler.supply(first).getFirst();
        crawler.supply(second);
        VerdictStatement mixed = agent.statement(first, 0, segment.to(), segment.views())
                .setFence(second.getFence())
                .setShardId(first.getShardId())
                .build();
        ReportRequest sealed = agent.seal(mixed, FakeAgent.scores(segment.views()));
        assertEquals(
                ReportRejected.Reason.WRONG_RANGE,
                agent.report(sealed).getRejected().getReason());
        VerdictStatement moved =
                mixed.toBuilder().setShardId(second.getShardId()).build();
        assertTrue(agent.report(agent.seal(moved, FakeAgent.scores(segment.views())))
                .hasRejected());
        assertEquals(0, listing(listing).counts().done());
    }

    @Test
    void verdictIsItsOwnAgentsOnly() {
        fill(60);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        FakeAgent other = collective.agent(2);
        Grant grant = agent.lease();
        ReportRequest verdict = agent.verdict(grant, crawler.supply(grant).getFirst());
        assertEquals(
                ReportRejected.Reason.UNKNOWN_KEY,
                other.report(verdict).getRejected().getReason());
        assertTrue(other.report(other.verdict(grant, 0, 60, List.of())).hasEvidence());
        assertTrue(agent.report(verdict).hasAccepted());
    }

    @Test
    void forgedVerdictIsRejected() {
        fill(60);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        ReportRequest verdict = agent.verdict(grant, crawler.supply(grant).getFirst());
        ReportRequest forged = verdict.toBuilder()
                .setVerdict(verdict.getVerdict().toBuilder()
                        .setStatement(verdict.getVerdict().getStatement().concat(ByteString.copyFrom(new byte[] {0}))))
                .build();
        assertEquals(
                ReportRejected.Reason.BAD_SIGNATURE,
                agent.report(forged).getRejected().getReason());
        ReportRequest stranger = Collective.scanning(collective.channel(), SigningKey.generate(new SecureRandom()))
                .verdict(grant, 0, 60, List.of());
        assertEquals(
                ReportRejected.Reason.UNKNOWN_KEY,
                agent.report(stranger).getRejected().getReason());
    }

    @Test
    void verdictOverOtherPixelsOrScoresIsRejected() {
        fill(60);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        List<Item> views = crawler.supply(grant).getFirst().views();
        VerdictStatement sound = agent.statement(grant, 0, 60, views).build();
        ByteString scores = FakeAgent.scores(views);

        assertEquals(
                ReportRejected.Reason.WRONG_VIEWS,
                reject(agent, agent.statement(grant, 0, 60, views.reversed()).build(), scores));
        assertEquals(
                ReportRejected.Reason.WRONG_VIEWS,
                reject(agent, sound.toBuilder().setViews(59).build(), scores));
        assertEquals(ReportRejected.Reason.WRONG_SCORES, reject(agent, sound, scores.substring(2)));
        assertEquals(
                ReportRejected.Reason.WRONG_SCORES,
                reject(agent, sound, scores.substring(2).concat(ByteString.copyFrom(new byte[2]))));
        assertEquals(
                ReportRejected.Reason.WRONG_BUNDLE,
                reject(
                        agent,
                        sound.toBuilder().setBundleDigest(ByteString.EMPTY).build(),
                        scores));
        assertEquals(
                ReportRejected.Reason.WRONG_PREPROCESSING,
                reject(
                        agent,
                        sound.toBuilder()
                                .setPreprocessingDigest(ByteString.EMPTY)
                                .build(),
                        scores));
        assertEquals(
                ReportRejected.Reason.WRONG_RANGE,
                reject(
                        agent,
                        agent.statement(grant, 0, 59, views.subList(0, 59)).build(),
                        scores));
        assertEquals(
                ReportRejected.Reason.WRONG_RANGE,
                reject(agent, sound.toBuilder().setFrom(1).build(), scores));
        assertTrue(agent.report(agent.seal(sound, scores)).hasAccepted());
    }

    @Test
    void staleEpochOrTermIsNotTheLease() {
        fill(60);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        List<Item> views = crawler.supply(grant).getFirst().views();
        VerdictStatement.Builder epoch = agent.statement(grant, 0, 60, views);
        epoch.getFenceBuilder().setLeaseEpoch(grant.getFence().getLeaseEpoch() - 1);
        VerdictStatement.Builder term = agent.statement(grant, 0, 60, views);
        term.getFenceBuilder().setTerm(grant.getFence().getTerm() - 1);
        assertTrue(
                agent.report(agent.seal(epoch.build(), FakeAgent.scores(views))).hasEvidence());
        assertTrue(
                agent.report(agent.seal(term.build(), FakeAgent.scores(views))).hasEvidence());
    }

    @Test
    void lateVerdictsOfOneAgentAreKeptOnlySoOften() {
        fill(10);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        collective.time.pass(Collective.TTL.plusSeconds(1));
        collective.coordinator.sweep();
        for (int i = 0; i < 70; i++) {
            assertTrue(agent.report(agent.verdict(grant, i, i + 1, List.of())).hasEvidence());
        }
        assertEquals(60, late());
    }

    @Test
    void suspendedAgentIsSilenced() {
        fill(60);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        long member = database.transaction(handle -> handle.createQuery("select max(id) from member where role = 1")
                .mapTo(Long.class)
                .one());
        collective.coordinator.suspend(new MemberId(member));
        StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> agent.beat(grant, 1));
        assertEquals(Status.Code.UNAUTHENTICATED, refused.getStatus().getCode());
        assertTrue(collective.agent(2).acquire().isPresent());
    }

    private static ReportRejected.Reason reject(FakeAgent agent, VerdictStatement statement, ByteString scores) {
        return agent.report(agent.seal(statement, scores)).getRejected().getReason();
    }

    private long late() {
        return collective.ledger.stream().filter(LedgerBody::hasLateVerdict).count();
    }

    @Test
    void leaseWhoseEndCannotBeWrittenIsEndedLater() {
        fill(1);
        long listing = crawler.list();
        FakeAgent agent = collective.agent(1);
        for (int attempt = 1; attempt < 3; attempt++) {
            Grant grant = agent.lease();
            crawler.supply(grant);
            agent.giveBack(grant, GiveBackRequest.Reason.INFERENCE_FAILED);
        }
        Grant poisoned = agent.lease();
        crawler.supply(poisoned);
        collective.time.pass(Collective.TTL.plusSeconds(1));
        collective.ledgerFails = true;
        assertEquals(0, collective.coordinator.sweep());
        assertEquals(1, collective.coordinator.leases().size());

        collective.ledgerFails = false;
        assertEquals(1, collective.coordinator.sweep());
        assertEquals(
                1,
                collective
                        .coordinator
                        .listings()
                        .find(new ListingId(listing))
                        .orElseThrow()
                        .counts()
                        .inconclusive());
    }

    @Test
    void heartbeatsAloneKeepNoLeaseForEver() {
        fill(20);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant silent = agent.lease();
        int beats = 0;
        while (!agent.beat(silent, beats + 1).hasLost()) {
            beats++;
            assertTrue(beats < 20, "a cursor of its own making is no progress");
            collective.time.pass(Duration.ofSeconds(50));
            collective.coordinator.sweep();
        }
        assertTrue(beats >= 5);
        collective.coordinator.sweep();
        collective.time.pass(Duration.ofSeconds(2));
        assertTrue(agent.acquire().isPresent());
    }

    @Test
    void suppliedLeaseWithoutAReportEndsAtLast() {
        fill(60);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant slow = agent.lease();
        List<Item> items = crawler.leased(crawler.resolve(slow));
        int beats = 0;
        while (!agent.beat(slow, beats).hasLost()) {
            assertTrue(beats < 50, "a lease without a report lives for ever");
            if (beats + 1 < items.size()) {
                crawler.segment(slow, beats, items.subList(beats, beats + 1), false);
            }
            beats++;
            collective.time.pass(Duration.ofSeconds(50));
        }
        assertTrue(beats >= 30);
    }
}
