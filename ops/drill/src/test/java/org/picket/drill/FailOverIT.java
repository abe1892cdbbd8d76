package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.DatabaseSettings;
import org.picket.coordinator.ledger.LedgerReader;
import org.picket.coordinator.ledger.StoredEntry;
import org.picket.proto.v1.Fence;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.RulingRecord;
import org.picket.proto.v1.VerdictStatement;

/// The database's machine fails in the midst of a collective's scan, and its synchronous standby takes over, or
/// it comes back itself.
@Order(3)
@Tag("long")
class FailOverIT {
    private static final String ACCEPTED = "picket_verdicts_accepted_total";
    private static final long LOOK_MILLIS = 20;
    private static final long PATIENCE_NANOS = 240_000_000_000L;

    @TempDir
    private Path folder;

    @Test
    void scanGoesOnAtTheStandbyAndNothingAcknowledgedIsLost() throws Exception {
        scan(StreamingPair::promoteSecond);
    }

    /// The same where the server comes back by itself, as after a crash.
    @Test
    void scanGoesOnWhenTheServerIsStartedAgain() throws Exception {
        scan(StreamingPair::startFirst);
    }

    /// How a database comes back.
    private interface Return {
        void of(StreamingPair pair) throws Exception;
    }

    private void scan(Return comesBack) throws Exception {
        String samples = folder.resolve("samples").toString();
        PicketProcess.run(folder, "samples", samples, "--count", "600", "--seed", "23")
                .expect(0);
        try (StreamingPair pair = new StreamingPair(folder);
                Replicas replicas = new Replicas(folder, pair.url(), pair.password())) {
            long listed = replicas.run("scan", samples, "--data", replicas.data("solo"), "--json")
                    .expect(0)
                    .number("listed");
            PicketProcess coordinator = replicas.coordinator("one", Replicas.free());
            coordinator.awaitOutput(Replicas.LISTENS);
            replicas.join("one", "crawler", "crawler", "example.org");
            replicas.join("one", "admin", "admin", "example.org");
            replicas.join("one", "agent", "alice", "alice");
            PicketProcess crawler = replicas.crawler(samples);
            crawler.awaitErrors(Pattern.compile("listed " + listed + " objects"));
            replicas.agent("alice");
            awaitVerdict(replicas, coordinator);

            // Held for a moment, so that the scan is not over; the agent still reports what it has.
            crawler.signal("STOP");
            pair.killFirst();
            crawler.signal("CONT");
            long acknowledged = replicas.metric(coordinator, ACCEPTED);
            comesBack.of(pair);
            assertTrue(pair.atSecond("select coalesce(sum(shards_open), 0) from listing") > 0, "the scan was over");
            // A verdict and its ruling each.
            assertTrue(2 * acknowledged <= pair.atSecond("select size from ledger_head"), "a verdict is lost");

            PicketProcess.Ended scan = crawler.end().expect(0);
            assertEquals(listed, scan.number("listed"));
            assertEquals(listed, scan.ruled());
            assertEquals(0, scan.number("open"));
            Set<String> alone = replicas.findings("solo");
            assertFalse(alone.isEmpty());
            assertEquals(alone, replicas.findings("admin"));
            assertEquals(alone.size(), pair.atSecond("select count(*) from finding where live"));
            replicas.verify("one");
            Told told = told(pair);
            // One more may have been written, and its agent not told before the end.
            assertTrue(
                    told.verdicts() >= replicas.metric(coordinator, ACCEPTED),
                    () -> told.verdicts() + " verdicts are in the ledger");
            assertEquals(listed, told.ruled(), "objects were ruled twice, or not at all");
        }
    }

    private static void awaitVerdict(Replicas replicas, PicketProcess coordinator) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (replicas.metric(coordinator, ACCEPTED) == 0) {
            assertFalse(coordinator.endsWithin(LOOK_MILLIS), coordinator::errors);
            assertTrue(System.nanoTime() < deadline, coordinator::errors);
        }
    }

    /// What the ledger tells.
    private record Told(int verdicts, long ruled) {}

    /// Reads all of the ledger, in which no lease is ever another shard's or of another epoch, and nothing is
    /// told twice.
    private static Told told(StreamingPair pair) throws InvalidProtocolBufferException {
        List<RulingRecord> rulings = new ArrayList<>();
        Set<ByteString> statements = new HashSet<>();
        int verdicts = 0;
        Map<ByteString, List<Long>> leases = new HashMap<>();
        try (Database database = Database.open(new DatabaseSettings.External(pair.url(), "picket", pair.password()))) {
            LedgerReader reader = new LedgerReader(database);
            Iterator<StoredEntry> entries = reader.entries(0, reader.head().size());
            while (entries.hasNext()) {
                LedgerBody body = LedgerBody.parseFrom(entries.next().body());
                if (body.hasVerdict()) {
                    verdicts++;
                    statements.add(body.getVerdict().getStatement());
                    VerdictStatement verdict =
                            VerdictStatement.parseFrom(body.getVerdict().getStatement());
                    once(leases, verdict.getFence(), verdict.getShardId());
                }
                if (body.hasRuling()) {
                    rulings.add(body.getRuling());
                    once(leases, body.getRuling().getFence(), body.getRuling().getShardId());
                }
            }
        }
        assertEquals(verdicts, statements.size(), "a verdict counted twice");
        return new Told(
                verdicts, rulings.stream().mapToLong(FailOverIT::objects).sum());
    }

    private static void once(Map<ByteString, List<Long>> leases, Fence fence, long shard) {
        List<Long> of = List.of(shard, fence.getLeaseEpoch(), fence.getTerm());
        assertEquals(of, leases.computeIfAbsent(fence.getLeaseId(), _ -> of), "a lease's token was used again");
    }

    private static long objects(RulingRecord ruling) {
        return (long) ruling.getCleared()
                + ruling.getFlagged()
                + ruling.getInconclusive()
                + ruling.getKnown()
                + ruling.getGone();
    }
}
