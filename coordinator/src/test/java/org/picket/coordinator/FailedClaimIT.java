package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jdbi.v3.core.transaction.TransactionHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.listing.ListingState;

/// A claim that is written, and of which the answer is lost.
class FailedClaimIT extends ScannedStorage {
    private TransactionHandler sound;

    @AfterEach
    void answerAgain() {
        database.jdbi().setTransactionHandler(sound);
    }

    @Test
    void shardsOfAClaimWhoseAnswerWasLostAreOpenAgainWithTheNextSweep() {
        sound = database.jdbi().getTransactionHandler();
        fill(600);
        long listing = crawler.list();
        FakeAgent agent = collective.agent(1);
        database.jdbi().setTransactionHandler(new LosesAnswer(sound, "exists (select from shard where state = 1)"));
        assertEquals(
                Status.Code.UNAVAILABLE,
                assertThrows(StatusRuntimeException.class, agent::ask)
                        .getStatus()
                        .getCode());
        assertEquals(shards(), leased());
        assertEquals(0, agent.work(crawler));
        collective.coordinator.sweep();
        assertEquals(0, leased());
        agent.work(crawler);
        assertEquals(ListingState.COMPLETE, listing(listing).state());
        assertEquals(600, listing(listing).counts().cleared());
    }

    private long leased() {
        return rows(" where state = 1");
    }

    private long shards() {
        return rows("");
    }

    private long rows(String which) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("select count(*) from shard" + which)
                        .mapTo(Long.class)
                        .one());
    }
}
