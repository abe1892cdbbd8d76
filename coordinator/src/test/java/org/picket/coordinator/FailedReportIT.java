package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jdbi.v3.core.transaction.TransactionHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.listing.ListingState;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.ReportRequest;

/// A report of a part of a lease that is written, and of which the answer is lost.
class FailedReportIT extends ScannedStorage {
    private static final int OBJECTS = 60;
    private static final int SEGMENT = 20;

    private TransactionHandler sound;

    @AfterEach
    void answerAgain() {
        database.jdbi().setTransactionHandler(sound);
    }

    private void loseAnswer(LosesAnswer.Fate... following) {
        sound = database.jdbi().getTransactionHandler();
        String reported = "exists (select from shard where state = 1 and ruled > 0)";
        database.jdbi().setTransactionHandler(new LosesAnswer(sound, reported, following));
    }

    /// The lease never learns how much of it is ruled, and its agent is not heard of again.
    @Test
    void restOfALeaseThatExpiresWhileItsReportIsInDoubtIsLeasedAnew() {
        fill(OBJECTS);
        long listing = crawler.list();
        FakeAgent lost = collective.agent(1);
        ReportRequest first = firstOf(lost);
        loseAnswer(LosesAnswer.Fate.AWAY);
        assertEquals(
                Status.Code.UNAVAILABLE,
                assertThrows(StatusRuntimeException.class, () -> lost.report(first))
                        .getStatus()
                        .getCode());
        assertEquals(SEGMENT, listing(listing).counts().cleared());
        collective.time.pass(Collective.TTL.plusSeconds(1));
        assertEquals(1, collective.coordinator.sweep());
        assertRestIsRuledOnce(listing);
    }

    @Test
    void shardThatCouldNotBeOpenedAgainIsOpenedWithTheNextSweep() {
        fill(OBJECTS);
        long listing = crawler.list();
        FakeAgent superseded = collective.agent(1);
        ReportRequest first = firstOf(superseded);
        // Written, refused when it is tried again, and then the shard is to be opened.
        loseAnswer(LosesAnswer.Fate.SOUND, LosesAnswer.Fate.AWAY);
        assertTrue(superseded.report(first).hasEvidence());
        collective.coordinator.sweep();
        assertRestIsRuledOnce(listing);
    }

    private ReportRequest firstOf(FakeAgent agent) {
        Grant grant = agent.lease();
        return agent.verdict(grant, crawler.supply(grant, SEGMENT).getFirst());
    }

    private void assertRestIsRuledOnce(long listing) {
        int before = crawler.fetched;
        collective.agent(2).work(crawler);
        assertEquals(ListingState.COMPLETE, listing(listing).state());
        assertEquals(OBJECTS, listing(listing).counts().cleared());
        assertEquals(OBJECTS - SEGMENT, crawler.fetched - before);
    }
}
