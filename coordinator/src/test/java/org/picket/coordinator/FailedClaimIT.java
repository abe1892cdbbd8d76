package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.TransactionHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.listing.ListingState;

/// A claim that is written, and of which the answer is lost.
class FailedClaimIT extends ScannedStorage {
    /// Loses the answer of the first transaction that leaves a shard leased.
    private static final class LosesAnswer extends DelegatingTransactionHandler {
        private final AtomicBoolean armed;

        LosesAnswer(TransactionHandler sound, AtomicBoolean armed) {
            super(sound);
            this.armed = armed;
        }

        @Override
        public <R, X extends Exception> R inTransaction(Handle handle, HandleCallback<R, X> callback) throws X {
            R result = getDelegate().inTransaction(handle, callback);
            boolean claimed = armed.get()
                    && handle.createQuery("select exists (select from shard where state = 1)")
                            .mapTo(Boolean.class)
                            .one();
            if (claimed && armed.compareAndSet(true, false)) {
                throw new ConnectionException(new java.sql.SQLException("the answer was lost", "08006"));
            }
            return result;
        }

        @Override
        public TransactionHandler specialize(Handle handle) throws java.sql.SQLException {
            return new LosesAnswer(getDelegate().specialize(handle), armed);
        }
    }

    private TransactionHandler sound;

    @AfterEach
    void answerAgain() {
        database.jdbi().setTransactionHandler(sound);
    }

    @Test
    void shardsOfAClaimWhoseAnswerWasLostAreOpenAgainWithTheNextSweep() {
        sound = database.jdbi().getTransactionHandler();
        AtomicBoolean armed = new AtomicBoolean(true);
        fill(600);
        long listing = crawler.list();
        FakeAgent agent = collective.agent(1);
        database.jdbi().setTransactionHandler(new LosesAnswer(sound, armed));
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
