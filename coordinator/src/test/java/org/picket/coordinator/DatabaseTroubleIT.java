package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.TransactionHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.DatabaseSettings;
import org.picket.coordinator.database.PoolSettings;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.ReportRequest;
import org.picket.proto.v1.ReportResponse;

/// A coordinator whose database is there, and of little use: its line is silent or cut, it ends sessions, or no
/// connection is free. Its agent reports on the one lease of a listing.
@Timeout(120)
class DatabaseTroubleIT extends ScannedStorage {
    private static final int OBJECTS = 60;
    private static final int CONNECTIONS = 3;
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final String END =
            "select count(*) filter (where pg_terminate_backend(pid, 20000))" + " from pg_stat_activity where ";

    private HeldLine line;
    private Database theirs;
    private long listing;
    private FakeAgent agent;
    private Grant grant;
    private ReportRequest report;

    @BeforeEach
    void putTheLineBetween() {
        URI there = URI.create(DATABASE.address().jdbcUrl().substring("jdbc:".length()));
        line = new HeldLine(there.getPort());
    }

    /// @param acquire how long a call may wait for a connection
    private void begin(Duration acquire) {
        DatabaseSettings.External there = DATABASE.address();
        theirs = Database.open(
                new DatabaseSettings.External(
                        there.jdbcUrl().replaceFirst("127\\.0\\.0\\.1:\\d+", "127.0.0.1:" + line.port()),
                        there.user(),
                        there.password()),
                new PoolSettings(CONNECTIONS, LONG, acquire));
        collective.close();
        collective = new Collective(theirs);
        register();
        crawler = collective.crawler(storage);
        fill(OBJECTS);
        listing = crawler.list();
        agent = collective.agent(1);
        grant = agent.lease();
        report = agent.verdict(grant, crawler.supply(grant).getFirst());
    }

    @AfterEach
    void goWithoutTheLine() throws Exception {
        line.release();
        collective.close();
        theirs.close();
        line.close();
        collective = new Collective(database);
    }

    /// Whatever is kept in memory goes on, and the rest once there are answers.
    @Test
    void reportWaitsWhileTheLineIsSilentAndIsRuledOnceItIsNot() throws Exception {
        begin(LONG);
        line.hold();
        CompletableFuture<ReportResponse> answer = CompletableFuture.supplyAsync(() -> agent.report(report));
        line.awaitSomething();
        assertTrue(agent.beat(grant, 1).hasTtl(), "a heartbeat waits for the database");
        assertFalse(answer.isDone(), "the report was answered without the database");
        line.release();
        assertFalse(answer.get(60, TimeUnit.SECONDS).getAccepted().getRepeatedReport());
        assertAllIsRuled();
    }

    @Test
    void reportWhoseLineIsCutIsRuledOnce() throws Exception {
        begin(LONG);
        line.hold();
        CompletableFuture<ReportResponse> answer =
                CompletableFuture.supplyAsync(() -> again(() -> agent.report(report)));
        line.awaitSomething();
        line.cut();
        line.release();
        assertTrue(agent.beat(grant, 1).hasTtl());
        assertFalse(answer.get(60, TimeUnit.SECONDS).getAccepted().getRepeatedReport());
        assertAllIsRuled();
    }

    @Test
    void reportWhoseSessionsAreEndedIsRuledOnce() {
        begin(LONG);
        Integer[] sessions = line.callers();
        long ended = DATABASE.jdbi()
                .withHandle(handle -> handle.createQuery(END + "client_port = any(?)")
                        .bind(0, sessions)
                        .mapTo(Long.class)
                        .one());
        assertTrue(ended > 0, "no session was ended");
        assertFalse(again(() -> agent.report(report)).getAccepted().getRepeatedReport());
        assertAllIsRuled();
    }

    @Test
    void rulingWhoseSessionIsEndedJustBeforeItsCommitIsMadeOnce() {
        begin(LONG);
        TransactionHandler sound = theirs.jdbi().getTransactionHandler();
        AtomicBoolean ended = new AtomicBoolean();
        theirs.jdbi().setTransactionHandler(new EndsSession(sound, ended));
        assertFalse(again(() -> agent.report(report)).getAccepted().getRepeatedReport());
        assertTrue(ended.get(), "nothing was ruled");
        assertAllIsRuled();
    }

    @Test
    void reportFailsWhileNoConnectionIsFreeAndItsLeaseStays() {
        begin(SHORT);
        try (Handle first = theirs.jdbi().open();
                Handle second = theirs.jdbi().open();
                Handle third = theirs.jdbi().open()) {
            assertTrue(first != second && second != third);
            assertAway(assertThrows(StatusRuntimeException.class, () -> agent.report(report)));
            assertTrue(agent.beat(grant, 1).hasTtl());
            assertEquals(0, collective.coordinator.sweep());
        }
        assertFalse(agent.report(report).getAccepted().getRepeatedReport());
        assertAllIsRuled();
    }

    /// Ends the session in which the first ruling is made, before that is committed.
    private static final class EndsSession extends DelegatingTransactionHandler {
        private final AtomicBoolean ended;

        EndsSession(TransactionHandler sound, AtomicBoolean ended) {
            super(sound);
            this.ended = ended;
        }

        @Override
        public <R, X extends Exception> R inTransaction(Handle handle, HandleCallback<R, X> callback) throws X {
            return getDelegate().inTransaction(handle, within -> {
                R result = callback.withHandle(within);
                boolean rules = within.createQuery("select exists (select from shard where ruled > 0"
                                + " and xmin = pg_current_xact_id_if_assigned()::xid)")
                        .mapTo(Boolean.class)
                        .one();
                if (rules && ended.compareAndSet(false, true)) {
                    int session = within.createQuery("select pg_backend_pid()")
                            .mapTo(Integer.class)
                            .one();
                    DATABASE.jdbi()
                            .useHandle(other -> other.createQuery(END + "pid = ?")
                                    .bind(0, session)
                                    .mapTo(Long.class)
                                    .one());
                }
                return result;
            });
        }

        @Override
        public TransactionHandler specialize(Handle handle) throws java.sql.SQLException {
            return new EndsSession(getDelegate().specialize(handle), ended);
        }
    }

    private static void assertAway(StatusRuntimeException failure) {
        assertEquals(Status.Code.UNAVAILABLE, failure.getStatus().getCode(), failure::toString);
    }

    /// Each session that is gone may fail one call.
    private static <T> T again(Supplier<T> call) {
        for (int failed = 0; failed < CONNECTIONS; failed++) {
            try {
                return call.get();
            } catch (StatusRuntimeException away) {
                assertAway(away);
            } catch (JdbiException away) {
                assertTrue(String.valueOf(away).contains("onnection"), away::toString);
            }
        }
        return call.get();
    }

    private void assertAllIsRuled() {
        assertEquals(OBJECTS, again(() -> listing(listing)).counts().cleared());
        assertTrue(again(() -> agent.report(report)).getAccepted().getRepeatedReport(), "it is ruled a second time");
        assertEquals(OBJECTS, crawler.fetched);
    }
}
