package org.picket.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.runtime.channel.ContractVersion;

class DatabaseIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final PoolSettings TIGHT = new PoolSettings(2, Duration.ofMillis(200), Duration.ofMillis(250));

    private final Database database = DATABASE.database();

    @Test
    void textIsOrderedByItsBytes() {
        assertEquals(
                List.of("B", "a", "a/b", "a0", "é", "日", "🌲"),
                database.read(
                        handle -> handle.createQuery("""
                        SELECT key FROM unnest(ARRAY['日', 'a0', '🌲', 'é', 'a/b', 'a', 'B']) AS t (key) ORDER BY key
                        """).mapTo(String.class).list()));
    }

    @Test
    void failedTransactionLeavesNoTrace() {
        database.useTransaction(handle -> handle.execute("CREATE TABLE trace (n int)"));
        assertThrows(
                IllegalStateException.class,
                () -> database.useTransaction(handle -> {
                    handle.execute("INSERT INTO trace VALUES (1)");
                    throw new IllegalStateException("after the insert");
                }));
        assertEquals(0, number(database, "SELECT count(*) FROM trace"));
    }

    @Test
    void deadlockedTransactionsBothSucceed() throws Exception {
        database.useTransaction(handle -> {
            handle.execute("CREATE TABLE crossed (id int PRIMARY KEY, n int)");
            handle.execute("INSERT INTO crossed VALUES (1, 0), (2, 0)");
        });
        CyclicBarrier bothHoldOne = new CyclicBarrier(2);
        AtomicInteger runs = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(2)) {
            var one = threads.submit(() -> cross(1, 2, bothHoldOne, runs));
            var two = threads.submit(() -> cross(2, 1, bothHoldOne, runs));
            one.get(30, TimeUnit.SECONDS);
            two.get(30, TimeUnit.SECONDS);
        }
        // Three, or more where the loser is back before the winner has woken up.
        assertTrue(runs.get() >= 3);
        assertEquals(4, number(database, "SELECT sum(n) FROM crossed"));
    }

    @Test
    void lostUpdateIsTriedAgainUnderSerializableIsolation() {
        database.useTransaction(handle -> handle.execute("CREATE TABLE counted (n int)"));
        database.useTransaction(handle -> handle.execute("INSERT INTO counted VALUES (0)"));
        AtomicInteger runs = new AtomicInteger();
        database.transaction(TransactionIsolationLevel.SERIALIZABLE, handle -> {
            int n = handle.createQuery("SELECT n FROM counted")
                    .mapTo(Integer.class)
                    .one();
            if (runs.incrementAndGet() == 1) {
                try (Handle other = database.jdbi().open()) {
                    other.execute("UPDATE counted SET n = n + 10");
                }
            }
            return handle.execute("UPDATE counted SET n = ?", n + 1);
        });
        assertEquals(2, runs.get());
        assertEquals(11, number(database, "SELECT n FROM counted"));
    }

    @Test
    void innerTransactionIsRunAgainOnlyWithTheWhole() {
        AtomicInteger outer = new AtomicInteger();
        AtomicInteger inner = new AtomicInteger();
        database.useTransaction(handle -> {
            outer.incrementAndGet();
            database.useTransaction(same -> {
                if (inner.incrementAndGet() == 1) {
                    same.execute("DO $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '40001'; END $$");
                }
            });
        });
        assertEquals(2, outer.get());
        assertEquals(2, inner.get());
    }

    @Test
    void readingTransactionCannotWrite() {
        assertEquals(
                Optional.of("25006"),
                TransactionRetries.sqlState(assertThrows(
                        JdbiException.class,
                        () -> database.read(handle -> handle.execute("CREATE TABLE written (n int)")))));
    }

    @Test
    void slowStatementIsEnded() {
        try (Database tight = Database.connect(DATABASE.address(), TIGHT)) {
            assertEquals(
                    Optional.of("57014"),
                    TransactionRetries.sqlState(assertThrows(
                            JdbiException.class, () -> tight.read(handle -> handle.execute("SELECT pg_sleep(20)")))));
        }
    }

    @Test
    void waitForAConnectionIsBounded() {
        try (Database tight = Database.connect(DATABASE.address(), TIGHT);
                Handle first = tight.jdbi().open();
                Handle second = tight.jdbi().open()) {
            assertTrue(first != second);
            assertThrows(ConnectionException.class, () -> tight.read(Handle::isInTransaction));
        }
    }

    @Test
    void clockIsTheDatabases() {
        Instant before = askTime();
        Instant now = database.clock().now();
        Instant after = askTime();
        Duration tolerance = Duration.ofMillis(250);
        assertTrue(now.isAfter(before.minus(tolerance)) && now.isBefore(after.plus(tolerance)));
    }

    @Test
    void externalDatabaseIsBroughtToTheSchema() {
        try (Database fresh = DATABASE.fresh();
                Database external = Database.open(DATABASE.addressOf(fresh))) {
            assertEquals(0, number(external, "SELECT size FROM ledger_head"));
        }
    }

    private static void migratedBy(Database database, int oldest, int newest) {
        database.useTransaction(handle -> {
            handle.execute("ALTER TABLE term ADD COLUMN of_the_future integer NOT NULL DEFAULT 0");
            handle.execute("""
                    INSERT INTO schema_history (installed_rank, version, description, type, script, checksum,
                        installed_by, execution_time, success)
                    VALUES (9999, '9999', 'of the future', 'SQL', 'V9999__of_the_future.sql', 1, 'somebody', 1, true)
                    """);
            handle.execute("UPDATE contract_span SET oldest = ?, newest = ?", oldest, newest);
        });
    }

    @Test
    void schemaOfTheNextVersionIsWorkedWith() {
        int next = ContractVersion.OURS.number() + 1;
        try (Database fresh = DATABASE.fresh()) {
            migratedBy(fresh, 1, next);
            try (Database older = Database.open(DATABASE.addressOf(fresh))) {
                assertEquals(1, number(older, "SELECT count(*) FROM schema_history WHERE version = '9999'"));
                assertEquals(next, number(older, "SELECT newest FROM contract_span"));
            }
        }
    }

    @Test
    void schemaOfALaterVersionIsRefused() {
        int ours = ContractVersion.OURS.number();
        try (Database fresh = DATABASE.fresh()) {
            migratedBy(fresh, 1, ours + 2);
            assertTrue(refusal(DATABASE.addressOf(fresh)).contains("one version back is the most"));
            fresh.useTransaction(
                    handle -> handle.execute("UPDATE contract_span SET oldest = ?, newest = oldest", ours + 1));
            assertTrue(refusal(DATABASE.addressOf(fresh)).contains("needs version"));
        }
    }

    @Test
    void coordinatorThatLivesAndIsTooFarApartIsNamed() {
        int ours = ContractVersion.OURS.number();
        try (Database fresh = DATABASE.fresh()) {
            fresh.useTransaction(handle -> handle.execute("""
                    INSERT INTO term (coordinator, contract, started_at, seen_at)
                    VALUES ('two.example:7443', ?, now() - interval '1 hour', now())
                    """, ours + 2));
            assertTrue(refusal(DATABASE.addressOf(fresh)).contains("two.example:7443"));
            fresh.useTransaction(handle -> handle.execute("UPDATE term SET contract = ?", ours + 1));
            Database.open(DATABASE.addressOf(fresh)).close();
            fresh.useTransaction(handle ->
                    handle.execute("UPDATE term SET contract = ?, seen_at = now() - interval '1 hour'", ours + 2));
            Database.open(DATABASE.addressOf(fresh)).close();
        }
    }

    /// Coordinators of the version before do not tell theirs, and keep none.
    @Test
    void databaseOfAPicketThatKeptNoVersionIsTakenOverWhileThatOneLives() {
        try (Database fresh = DATABASE.fresh()) {
            fresh.useTransaction(handle -> {
                handle.execute("DROP TABLE contract_span");
                handle.execute("DROP TABLE forgotten_inconclusive");
                handle.execute("DROP TABLE flood_seen");
                handle.execute("ALTER TABLE flood_window DROP COLUMN policy_epoch");
                handle.execute("ALTER TABLE term DROP COLUMN contract");
                handle.execute("ALTER TABLE term DROP COLUMN release");
                handle.execute("ALTER TABLE invite DROP COLUMN circle");
                handle.execute("ALTER TABLE member DROP COLUMN circle");
                handle.execute("ALTER TABLE member DROP COLUMN draining");
                handle.execute("DELETE FROM schema_history WHERE version::integer >= 15");
                handle.execute(
                        "INSERT INTO term (coordinator, started_at, seen_at) VALUES ('one.example:7443', now(), now())");
            });
            try (Database taken = Database.open(DATABASE.addressOf(fresh))) {
                assertEquals(ContractVersion.OURS.number(), number(taken, "SELECT newest FROM contract_span"));
                assertEquals(1, number(taken, "SELECT contract FROM term"));
            }
        }
    }

    @Test
    void externalDatabaseThatCannotBeReachedIsNamed() {
        DatabaseSettings.External here = DATABASE.address();
        String closed = refusal(
                new DatabaseSettings.External("jdbc:postgresql://127.0.0.1:1/picket", here.user(), here.password()));
        assertTrue(closed.contains("jdbc:postgresql://127.0.0.1:1/picket"), closed);
        String wrong = refusal(new DatabaseSettings.External(here.jdbcUrl(), here.user(), "wrong"));
        assertTrue(wrong.contains("password authentication failed") && !wrong.contains("wrong"), wrong);
    }

    private static String refusal(DatabaseSettings.External settings) {
        return assertThrows(
                        DatabaseException.class, () -> Database.open(settings).close())
                .getMessage();
    }

    private int cross(int first, int second, CyclicBarrier bothHoldOne, AtomicInteger runs) {
        return database.transaction(handle -> {
            int run = runs.incrementAndGet();
            int changed = handle.execute("UPDATE crossed SET n = n + 1 WHERE id = ?", first);
            if (run <= 2) {
                await(bothHoldOne);
            }
            return changed + handle.execute("UPDATE crossed SET n = n + 1 WHERE id = ?", second);
        });
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the other transaction did not come", e);
        }
    }

    private Instant askTime() {
        return database.read(handle -> handle.createQuery("SELECT clock_timestamp()")
                .mapTo(OffsetDateTime.class)
                .one()
                .toInstant());
    }

    private static long number(Database database, String question) {
        return database.read(
                handle -> handle.createQuery(question).mapTo(Long.class).one());
    }
}
