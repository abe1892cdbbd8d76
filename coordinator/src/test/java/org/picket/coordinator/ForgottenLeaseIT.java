package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jdbi.v3.core.transaction.TransactionHandler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.Holdings;
import org.picket.proto.v1.LeaseLost;
import org.picket.proto.v1.NoLease;
import org.picket.runtime.channel.Incarnation;

/// Leases of which their agent has no memory. No time passes in any of these tests, unless they say so.
class ForgottenLeaseIT extends ScannedStorage {
    private final SecureRandom random = new SecureRandom();
    private final SigningKey key = SigningKey.generate(random);
    private Channel member;

    @BeforeEach
    void join() {
        member = collective.enrolled(MemberRole.AGENT, new OwnerId(9), key);
    }

    /// A process of the one agent.
    private FakeAgent process() {
        return Collective.scanning(
                ClientInterceptors.intercept(member, Incarnation.attach(Incarnation.random(random))), key);
    }

    private static Holdings holding(long request, Grant... grants) {
        return Holdings.newBuilder()
                .setRequest(request)
                .addAllLeaseIds(Arrays.stream(grants)
                        .map(grant -> grant.getFence().getLeaseId())
                        .toList())
                .build();
    }

    private static Grant lease(FakeAgent agent, Holdings holdings) {
        return agent.ask(holdings).getGrant();
    }

    private int leases() {
        return collective.coordinator.leases().size();
    }

    @Test
    void shardOfAProcessThatWasKilledIsLeasedToTheNextOneAtOnce() {
        fill(60);
        long listing = crawler.list();
        Grant lost = lease(process(), holding(1));
        FakeAgent next = process();
        Grant again = lease(next, holding(1));
        assertEquals(lost.getShardId(), again.getShardId());
        assertEquals(lost.getObjects(), again.getObjects(), "nothing of it had come, so nothing of it is at fault");
        assertNotEquals(lost.getFence().getLeaseId(), again.getFence().getLeaseId());
        assertEquals(1, leases());
        assertEquals(LeaseLost.Reason.SUPERSEDED, next.beat(lost, 0).getLost().getReason());

        for (FakeCrawler.Segment segment : crawler.supply(again)) {
            assertTrue(next.report(next.verdict(again, segment)).hasAccepted());
        }
        next.work(crawler);
        assertEquals(60, listing(listing).counts().cleared());
    }

    @Test
    void shardThatMayHaveEndedItsAgentComesBackInHalves() {
        fill(60);
        crawler.list();
        Grant lost = lease(process(), holding(1));
        crawler.supply(lost);
        Grant again = lease(process(), holding(1));
        assertEquals(lost.getShardId(), again.getShardId());
        assertEquals(lost.getObjects() / 2, again.getObjects());
    }

    @Test
    void agentWhoseProcessesEndOverWhatTheyGetHoldsFewer() {
        fill(1_000);
        crawler.list();
        crawler.supply(lease(process(), holding(1)));
        FakeAgent next = process();
        Grant one = lease(next, holding(1));
        Grant other = lease(next, holding(2, one));
        NoLease none = next.ask(holding(3, one, other)).getNone();
        assertEquals(NoLease.Reason.TOO_MANY_LEASES, none.getReason(), none.getDetail());
    }

    @Test
    void reportOfAProcessThatWasKilledIsEvidence() {
        fill(60);
        long listing = crawler.list();
        FakeAgent killed = process();
        Grant lost = lease(killed, holding(1));
        FakeCrawler.Segment segment = crawler.supply(lost).getFirst();
        lease(process(), holding(1));
        assertTrue(killed.report(killed.verdict(lost, segment)).hasEvidence());
        assertEquals(0, listing(listing).counts().done());
    }

    @Test
    void leaseWhoseAnswerWasLostIsGrantedAnewToTheNextRequest() {
        fill(1_000);
        crawler.list();
        FakeAgent agent = process();
        Grant held = lease(agent, holding(1));
        Grant lost = lease(agent, holding(2, held));
        Grant again = lease(agent, holding(3, held));
        assertEquals(2, leases());
        assertTrue(agent.beat(lost, 0).hasLost());
        assertTrue(agent.beat(held, 0).hasTtl());
        assertTrue(agent.beat(again, 0).hasTtl());
    }

    @Test
    void requestThatArrivesTwiceOrLateTakesNothingBack() {
        fill(1_000);
        crawler.list();
        FakeAgent agent = process();
        Grant first = lease(agent, holding(1));
        Grant repeated = lease(agent, holding(1));
        assertTrue(agent.beat(first, 0).hasTtl());
        assertTrue(agent.beat(repeated, 0).hasTtl());
        Grant second = lease(agent, holding(3, first, repeated));
        lease(agent, holding(2, first, repeated));
        assertTrue(agent.beat(second, 0).hasTtl(), "it was granted to a request that was sent later");
    }

    @Test
    void processThatEndedTakesNothingFromTheOneAfterIt() {
        fill(1_000);
        crawler.list();
        FakeAgent before = process();
        lease(before, holding(1));
        FakeAgent now = process();
        Grant held = lease(now, holding(1));
        lease(before, holding(2));
        assertTrue(now.beat(held, 0).hasTtl());
        Grant next = lease(now, holding(2, held));
        assertEquals(2, leases(), "what the earlier one was granted late is nobody's");
        assertTrue(now.beat(next, 0).hasTtl());
    }

    @Test
    void agentThatDoesNotSayWhatItHoldsKeepsItForItsTime() {
        fill(1_000);
        crawler.list();
        FakeAgent agent = process();
        Grant held = agent.lease();
        FakeAgent silent = process();
        silent.lease();
        assertTrue(agent.beat(held, 0).hasTtl());
        Grant unnamed = Collective.scanning(member, key).ask(holding(1)).getGrant();
        assertTrue(agent.beat(held, 0).hasTtl(), "who does not say which process it is takes nothing back");
        assertTrue(agent.beat(unnamed, 0).hasTtl());
    }

    @Test
    void holdingsThatBreakTheContractAreRefused() {
        StatusRuntimeException refused =
                assertThrows(StatusRuntimeException.class, () -> process().ask(holding(0)));
        assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
    }

    /// Each request for work would write what others left, and wait for it.
    @Test
    void requestThatEndsNothingWritesNothing() {
        fill(60);
        crawler.list();
        FakeAgent other = collective.agent(1);
        Grant given = other.lease();
        TransactionHandler sound = database.jdbi().getTransactionHandler();
        database.jdbi().setTransactionHandler(new LosesAnswer(sound, "true", LosesAnswer.Fate.AWAY));
        try {
            database.transaction(handle -> 0);
        } catch (RuntimeException e) {
            assertTrue(e.getMessage().contains("lost"), e::toString);
        }
        other.giveBack(given, GiveBackRequest.Reason.STOPPING);
        database.jdbi().setTransactionHandler(sound);
        assertFalse(process().askAtOnce(holding(1)).hasGrant(), "the end is written by the next sweep");
        collective.coordinator.sweep();
        assertTrue(process().askAtOnce(holding(1)).hasGrant() || other.acquire().isPresent());
    }

    @Test
    void otherAgentsKeepWhatTheyHold() {
        fill(1_000);
        crawler.list();
        FakeAgent other = collective.agent(1);
        Grant theirs = other.lease();
        lease(process(), holding(1));
        lease(process(), holding(1));
        assertTrue(other.beat(theirs, 0).hasTtl());
    }
}
