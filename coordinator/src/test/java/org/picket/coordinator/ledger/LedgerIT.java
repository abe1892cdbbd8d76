package org.picket.coordinator.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.TestDatabase;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.RulingRecord;

class LedgerIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final String ORIGIN = "example.org/ledger";
    private static final SigningKey KEY = key();
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    private final Ledger ledger = new Ledger(ORIGIN, KEY);
    private final LedgerVerifier verifier = new LedgerVerifier(ORIGIN, List.of(KEY.verifyingKey()), EntryCheck.none());
    private Database database;
    private LedgerReader reader;

    @BeforeEach
    void emptyLedger() {
        database = DATABASE.fresh();
        reader = new LedgerReader(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void entriesAreNumberedFromZeroWithoutAGap() {
        assertEquals(0, append(0, 3));
        assertEquals(3, append(3, 1));
        assertEquals(4, append(4, 600));
        List<StoredEntry> read = new ArrayList<>();
        reader.entries(0, Long.MAX_VALUE).forEachRemaining(read::add);
        assertEquals(
                LongStream.range(0, 604).boxed().toList(),
                read.stream().map(StoredEntry::seq).toList());
        assertEquals(
                LongStream.range(0, 604).mapToObj(i -> body(i).toByteString()).toList(),
                read.stream().map(StoredEntry::body).toList());
    }

    @Test
    void anyStretchOfEntriesCanBeRead() {
        append(0, 300);
        append(300, 300);
        for (long[] stretch : new long[][] {{0, 1}, {255, 257}, {299, 301}, {100, 600}, {600, 700}}) {
            List<Long> read = new ArrayList<>();
            reader.entries(stretch[0], stretch[1]).forEachRemaining(entry -> read.add(entry.seq()));
            assertEquals(
                    LongStream.range(stretch[0], Math.min(stretch[1], 600))
                            .boxed()
                            .toList(),
                    read);
        }
    }

    @Test
    void rolledBackAppendLeavesNoTrace() {
        append(0, 5);
        assertThrows(
                IllegalStateException.class,
                () -> database.useTransaction(handle -> {
                    ledger.append(handle, bodies(5, 300));
                    throw new IllegalStateException("undone");
                }));
        assertEquals(5, append(5, 2));
        assertVerified(7);
    }

    @Test
    void appendsOfManyThreadsComeOneAfterAnother() throws Exception {
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                running.add(threads.submit(() -> {
                    for (int i = 0; i < 20; i++) {
                        append(i, 7);
                    }
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        assertVerified(4 * 20 * 7);
    }

    @Test
    void appendOutsideATransactionIsRefused() {
        assertThrows(
                IllegalStateException.class,
                () -> database.jdbi().useHandle(handle -> ledger.append(handle, bodies(0, 1))));
    }

    @Test
    void appendWithoutBoundsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> append(0, 0));
        assertThrows(IllegalArgumentException.class, () -> append(0, Ledger.MOST_ENTRIES + 1));
        ByteString large = ByteString.copyFrom(new byte[Ledger.MOST_BODY_BYTES]);
        LedgerBody body = LedgerBody.newBuilder()
                .setRuling(RulingRecord.newBuilder().setDigest(large))
                .build();
        assertThrows(
                IllegalArgumentException.class,
                () -> database.useTransaction(handle -> ledger.append(handle, List.of(body))));
    }

    @Test
    void databaseRefusesToChangeWhatWasAppended() {
        append(0, 3);
        checkpoint(NOON);
        for (String table : List.of("ledger_batch", "ledger_node", "ledger_checkpoint", "ledger_head")) {
            assertRefused("DELETE FROM " + table);
            assertRefused("TRUNCATE " + table);
        }
        assertRefused("UPDATE ledger_batch SET bodies = ''");
        assertRefused("UPDATE ledger_checkpoint SET note = ''");
        assertVerified(3);
    }

    @Test
    void everyProofOfALongLedgerHolds() {
        append(0, 1);
        append(1, 300);
        append(301, 4096);
        LedgerReader.Head head = reader.head();
        assertEquals(4397, head.size());
        List<StoredEntry> entries = new ArrayList<>();
        reader.entries(0, head.size()).forEachRemaining(entries::add);
        for (int seq : new int[] {0, 1, 255, 256, 300, 301, 4095, 4096, 4396}) {
            MerkleProof proof = reader.inclusion(seq, head.size());
            assertTrue(
                    proof.provesInclusion(MerkleHash.leaf(entries.get(seq).body()), seq, head.size(), head.root()),
                    "entry " + seq);
        }
        for (int earlier : new int[] {1, 255, 256, 257, 4096, 4396}) {
            MerkleFrontier beginning = MerkleFrontier.EMPTY
                    .append(entries.subList(0, earlier).stream()
                            .map(entry -> MerkleHash.leaf(entry.body()))
                            .toList())
                    .frontier();
            assertTrue(
                    reader.consistency(earlier, head.size())
                            .provesConsistency(earlier, beginning.root(), head.size(), head.root()),
                    "first " + earlier);
        }
    }

    @Test
    void checkpointIsWrittenOncePerSize() {
        append(0, 3);
        String first = checkpoint(NOON);
        assertEquals(first, checkpoint(NOON.plusSeconds(1)));
        append(3, 1);
        assertEquals(4, Checkpoint.claimedSize(checkpoint(NOON.plusSeconds(2))));
    }

    @Test
    void checkpointsComeAtABoundedPace() {
        append(0, 3);
        assertTrue(due(NOON));
        append(3, 3);
        assertTrue(!due(NOON.plusSeconds(59)));
        assertTrue(due(NOON.plusSeconds(60)));
        assertTrue(!due(NOON.plusSeconds(600)));
    }

    @Test
    void editInTheDatabaseIsFound() {
        append(0, 300);
        checkpoint(NOON);
        tamper("UPDATE ledger_batch SET bodies = set_byte(bodies, 3, 77) WHERE first_seq = 0");
        assertBroken(0);
    }

    @Test
    void rowDeletedFromTheDatabaseIsFound() {
        append(0, 3);
        append(3, 3);
        append(6, 3);
        checkpoint(NOON);
        tamper("DELETE FROM ledger_batch WHERE first_seq = 3");
        assertBroken(3);
    }

    @Test
    void tailDeletedFromTheDatabaseIsFound() {
        append(0, 3);
        append(3, 3);
        tamper("DELETE FROM ledger_batch WHERE first_seq = 3");
        assertBroken(0);
        checkpoint(NOON);
        assertBroken(3);
    }

    @Test
    void rewrittenLedgerIsFoundByACheckpointThatSomebodyKept() {
        append(0, 6);
        String kept = checkpoint(NOON);
        try (Database rewritten = DATABASE.fresh()) {
            rewritten.useTransaction(handle -> ledger.append(handle, bodies(1, 6)));
            rewritten.useTransaction(handle -> ledger.checkpoint(handle, NOON));
            LedgerReader other = new LedgerReader(rewritten);
            assertInstanceOf(Verification.Verified.class, other.verify(verifier, List.of()));
            assertInstanceOf(Verification.Broken.class, other.verify(verifier, List.of(kept)));
        }
    }

    private void assertVerified(long size) {
        Verification verification = reader.verify(verifier, List.of());
        assertEquals(
                size,
                assertInstanceOf(Verification.Verified.class, verification).size());
    }

    private void assertBroken(long seq) {
        Verification verification = reader.verify(verifier, List.of());
        assertEquals(
                seq, assertInstanceOf(Verification.Broken.class, verification).seq(), verification.toString());
    }

    private void assertRefused(String statement) {
        UnableToExecuteStatementException refusal = assertThrows(
                UnableToExecuteStatementException.class,
                () -> database.useTransaction(handle -> handle.execute(statement)));
        assertTrue(refusal.getMessage().contains("append-only"), refusal.getMessage());
    }

    /// As the owner of the database could.
    private void tamper(String statement) {
        database.useTransaction(handle -> {
            handle.execute("ALTER TABLE ledger_batch DISABLE TRIGGER append_only");
            handle.execute(statement);
            handle.execute("ALTER TABLE ledger_batch ENABLE TRIGGER append_only");
        });
    }

    private long append(long from, int count) {
        return database.transaction(handle -> ledger.append(handle, bodies(from, count)));
    }

    private String checkpoint(Instant now) {
        return database.transaction(handle -> ledger.checkpoint(handle, now)).note();
    }

    private boolean due(Instant now) {
        return database.transaction(handle -> ledger.checkpointIfDue(handle, now))
                .isPresent();
    }

    private static List<LedgerBody> bodies(long from, int count) {
        return LongStream.range(from, from + count).mapToObj(LedgerIT::body).toList();
    }

    private static LedgerBody body(long number) {
        return LedgerBody.newBuilder()
                .setRuling(RulingRecord.newBuilder().setShardId(number).setCleared(512))
                .build();
    }

    private static SigningKey key() {
        byte[] seed = new byte[SigningKey.SEED_LENGTH];
        Arrays.fill(seed, (byte) 5);
        return SigningKey.ofSeed(seed);
    }
}
