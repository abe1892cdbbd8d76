package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.listing.ListingState;
import org.picket.proto.v1.AcquireResponse;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.HeartbeatResponse;
import org.picket.proto.v1.LeaseLost;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.ReportResponse;

/// A fast agent and a slow one, in time that is turned by hand: how much longer a listing takes since the slow one is
/// there.
class StragglersIT extends ScannedStorage {
    private static final int OBJECTS = 6_000;
    private static final int FAST = 100;
    private static final int SLOW = 4;
    private static final int BEAT_SECONDS = 20;
    private static final int MOST_SECONDS = 3_600;
    private static final Duration CLAIMED_WITHIN = Duration.ofMillis(100);
    private static final Duration SECOND = Duration.ofSeconds(1);

    /// An agent that scores so many objects a second, one lease after the other, and reports with each heartbeat.
    private final class Paced {
        private final FakeAgent agent;
        private final int perSecond;
        private final ArrayDeque<FakeCrawler.Segment> segments = new ArrayDeque<>();
        private Optional<Grant> grant = Optional.empty();
        private NoLease.Reason told = NoLease.Reason.REASON_UNSPECIFIED;
        private LeaseLost.Reason lost = LeaseLost.Reason.REASON_UNSPECIFIED;
        private int scored;
        private int age;
        private int calledOff;

        Paced(FakeAgent agent, int perSecond) {
            this.agent = agent;
            this.perSecond = perSecond;
        }

        void second() {
            if (grant.isEmpty()) {
                acquire();
                return;
            }
            scored += perSecond;
            age++;
            int all = segments.isEmpty() ? 0 : segments.getLast().to();
            if (scored >= all || age % BEAT_SECONDS == 0) {
                report();
            }
        }

        private void acquire() {
            // Turned time must not run on while shards are being claimed.
            AcquireResponse answer = agent.ask(CLAIMED_WITHIN);
            if (answer.hasNone()) {
                told = answer.getNone().getReason();
                return;
            }
            grant = Optional.of(answer.getGrant());
            segments.clear();
            segments.addAll(crawler.supply(answer.getGrant()));
            scored = 0;
            age = 0;
        }

        private void report() {
            while (!segments.isEmpty() && segments.getFirst().to() <= scored) {
                ReportResponse answer = agent.report(agent.verdict(grant.get(), segments.removeFirst()));
                if (answer.hasEvidence()) {
                    over(answer.getEvidence().getReason());
                    return;
                }
                if (answer.getAccepted().getComplete()) {
                    grant = Optional.empty();
                    return;
                }
            }
            HeartbeatResponse beat = agent.beat(grant.get(), scored);
            if (beat.hasLost()) {
                over(beat.getLost().getReason());
            }
        }

        private void over(LeaseLost.Reason why) {
            lost = why;
            calledOff += why == LeaseLost.Reason.CALLED_OFF ? 1 : 0;
            grant = Optional.empty();
        }
    }

    /// Seconds until all is ruled.
    private int scan(long listing, List<Paced> agents) {
        for (int second = 1; second <= MOST_SECONDS; second++) {
            collective.time.pass(SECOND);
            agents.forEach(Paced::second);
            collective.coordinator.sweep();
            if (listing(listing).state() == ListingState.COMPLETE) {
                return second;
            }
        }
        throw new AssertionError("the listing is not complete after " + MOST_SECONDS + " s");
    }

    private int scan(List<Paced> agents) {
        fill(OBJECTS);
        return scan(crawler.list(), agents);
    }

    private Paced fast() {
        return new Paced(collective.agent(1), FAST);
    }

    private Paced slow() {
        return new Paced(collective.agent(2), SLOW);
    }

    @Test
    void slowAgentDoesNotHoldUpTheEndOfAListing() {
        Paced fast = fast();
        int alone = scan(List.of(fast));
        anotherStorage();
        collective.storage(storage, "epoch two");
        Paced slow = slow();
        int together = scan(List.of(fast, slow));
        assertTrue(together <= alone * 1.15 + 5, () -> alone + " s alone, " + together + " s together");
        assertEquals(LeaseLost.Reason.CALLED_OFF, slow.lost);
        assertTrue(slow.calledOff <= 2, () -> slow.calledOff + " leases were called off");
    }

    /// As one that does not reach the crawler.
    @Test
    void shardIsNotTakenFromASlowAgentTwice() {
        Paced fast = fast();
        scan(List.of(fast));
        anotherStorage();
        collective.storage(storage, "epoch three");
        fill(600);
        long listing = crawler.list();
        Paced slow = slow();
        int seconds = 0;
        while (listing(listing).state() != ListingState.COMPLETE) {
            collective.time.pass(SECOND);
            slow.second();
            fast.agent
                    .acquire()
                    .ifPresent(grant -> fast.agent.giveBack(grant, GiveBackRequest.Reason.VIEWS_OUT_OF_REACH));
            collective.coordinator.sweep();
            seconds++;
            assertTrue(seconds < 10 * OBJECTS / SLOW, "the slow agent never ends it");
        }
        int all = seconds;
        assertTrue(all <= 2 * 600 / SLOW + 120, () -> all + " s");
    }

    @Test
    void slowAgentAloneIsNeverHeldUp() {
        fill(700);
        Paced slow = slow();
        int seconds = scan(crawler.list(), List.of(slow));
        assertTrue(seconds <= 700 / SLOW + 30, () -> seconds + " s");
        assertEquals(NoLease.Reason.REASON_UNSPECIFIED, slow.told);
    }

    @Test
    void shardThatIsKeptForAnAgentThatDoesNotComeGoesToTheSlowOne() {
        fill(2_000);
        long listing = crawler.list();
        Paced fast = fast();
        Paced slow = slow();
        // Both are measured, then the fast one comes back no more.
        for (int second = 0; second < 2 * BEAT_SECONDS; second++) {
            collective.time.pass(SECOND);
            slow.second();
            if (fast.grant.isPresent() || second == 0) {
                fast.second();
            }
        }
        assertTrue(fast.grant.isEmpty());
        fast.agent.acquire().ifPresent(grant -> fast.agent.giveBack(grant, GiveBackRequest.Reason.STOPPING));
        int seconds = scan(listing, List.of(slow));
        int own = 2_000 / SLOW;
        assertTrue(seconds <= own + 60, () -> seconds + " s");
    }

    @Test
    void lastShardsAreKeptFromASlowAgentForAWhile() {
        Paced fast = fast();
        Paced slow = slow();
        scan(List.of(fast, slow));
        anotherStorage();
        fill(600);
        crawler.list();
        assertEquals(NoLease.Reason.KEPT_FOR_FASTER, slow.agent.ask().getNone().getReason());
        Grant taken = fast.agent.lease();
        assertFalse(slow.agent.acquire().isPresent());
        collective.time.pass(Duration.ofSeconds(10));
        fast.agent.beat(taken, 0);
        assertFalse(slow.agent.acquire().isPresent(), "a fast one is there");
        collective.time.pass(Duration.ofSeconds(10));
        fast.agent.beat(taken, 0);
        assertTrue(slow.agent.acquire().isPresent(), "and does not come");
    }

    @Test
    void shardThatFailedGoesToAProvenAgentFirst() {
        fill(400);
        crawler.list();
        FakeAgent newcomer = collective.agent(2);
        Grant failed = newcomer.lease();
        crawler.supply(failed);
        FakeAgent proven = collective.agent(1);
        for (Optional<Grant> next = proven.acquire(); next.isPresent(); next = proven.acquire()) {
            Grant grant = next.get();
            collective.time.pass(SECOND);
            crawler.supply(grant)
                    .forEach(segment -> assertTrue(
                            proven.report(proven.verdict(grant, segment)).hasAccepted()));
        }
        collective.time.pass(SECOND);
        newcomer.giveBack(failed, GiveBackRequest.Reason.INFERENCE_FAILED);
        assertEquals(NoLease.Reason.KEPT_FOR_FASTER, newcomer.ask().getNone().getReason());
        Grant again = proven.lease();
        assertEquals(failed.getShardId(), again.getShardId());
        proven.giveBack(again, GiveBackRequest.Reason.STOPPING);
        assertFalse(newcomer.acquire().isPresent());
        collective.time.pass(Collective.TTL.dividedBy(2).plusSeconds(1));
        assertTrue(newcomer.acquire().isPresent(), "nobody else came for it");
    }
}
