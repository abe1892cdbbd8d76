package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.DatabaseSettings;

/// Two coordinators on one PostgreSQL, a crawler that nobody can reach and two agents, as processes on
/// loopback.
@Order(4)
@Tag("long")
class ReplicasIT {
    private static final int SHARED_BUFFERS_MEBIBYTES = 64;
    private static final long LOOK_MILLIS = 20;
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    @TempDir
    private Path folder;

    private Database database;
    private Replicas replicas;

    @BeforeEach
    void startPostgres() throws SQLException {
        database = Database.open(new DatabaseSettings.Embedded(
                folder.resolve("postgres"), Path.of(PicketProgram.unpacked()), SHARED_BUFFERS_MEBIBYTES));
        replicas = Replicas.on(database, folder, Replicas.SHORT_LEASES);
    }

    @AfterEach
    void end() {
        replicas.close();
        database.close();
        PicketProcess.awaitNoOrphan(folder.resolve("postgres"));
    }

    @Test
    void eitherOfTwoCoordinatorsMayDie() throws Exception {
        String samples = folder.resolve("samples").toString();
        PicketProcess.run(folder, "samples", samples, "--count", "300", "--seed", "14")
                .expect(0);
        long listed = replicas.run("scan", samples, "--data", replicas.data("solo"), "--json")
                .expect(0)
                .number("listed");
        List<String> addresses = List.of(Replicas.free(), Replicas.free());
        PicketProcess first = replicas.coordinator("first", addresses.getFirst());
        first.awaitOutput(Replicas.LISTENS);
        // Another one on its database must have its keys, and makes none of its own.
        PicketProcess.Ended stranger =
                replicas.coordinator("second", addresses.getLast()).end().expect(2);
        assertTrue(stranger.err().contains("Copy it from another coordinator"), stranger.err());
        replicas.copyKeys("first", "second");
        PicketProcess second = replicas.coordinator("second", addresses.getLast());
        second.awaitOutput(Replicas.LISTENS);
        replicas.join("first", "crawler", "crawler", "example.org");
        replicas.join("first", "admin", "admin", "example.org");
        replicas.join("first", "agent", "alice", "alice");
        replicas.join("first", "agent", "bob", "bob");
        String member = Files.readString(folder.resolve("alice").resolve("agent.member"));
        assertTrue(addresses.stream().allMatch(member::contains), member);

        PicketProcess crawler = replicas.crawler(samples);
        crawler.awaitErrors(Pattern.compile("listed " + listed + " objects"));
        // With the crawler held, agents have leases of both and wait for their views.
        crawler.signal("STOP");
        replicas.agent("alice");
        replicas.agent("bob");
        awaitGrants(first, second);
        first.killAfter(0);
        crawler.signal("CONT");
        assertTrue(openShards() > 0, "the scan was over before a coordinator was killed");
        assertTrue(leasedInAll() > 0, "nothing was leased when a coordinator was killed");
        PicketProcess.Ended scan = crawler.end().expect(0);
        assertEquals(listed, scan.number("listed"));
        assertEquals(listed, scan.ruled());
        assertEquals(0, scan.number("open"));
        Set<String> alone = replicas.findings("solo");
        assertFalse(alone.isEmpty());
        assertEquals(alone, replicas.findings("admin"));
        assertEquals(alone.size(), findingRows());

        // The killed one comes back, and serves alone when the other one goes.
        PicketProcess again = replicas.coordinator("first", addresses.getFirst());
        again.awaitOutput(Replicas.LISTENS);
        second.killAfter(0);
        PicketProcess.run(folder, "samples", samples + "/more", "--count", "40", "--seed", "15")
                .expect(0);
        assertEquals(0, replicas.crawler(samples).end().expect(0).number("open"));
        assertTrue(granted(again) > 0, "it granted nothing when it was back");
        replicas.verify("first");
    }

    /// Waits until both coordinators have granted leases.
    private void awaitGrants(PicketProcess first, PicketProcess second) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (granted(first) == 0 || granted(second) == 0) {
            assertFalse(first.endsWithin(LOOK_MILLIS), first::errors);
            assertTrue(
                    System.nanoTime() < deadline,
                    "granted by the first " + granted(first) + ", by the second " + granted(second));
        }
    }

    private long granted(PicketProcess coordinator) throws IOException, InterruptedException {
        return replicas.metric(coordinator, "picket_leases_granted_total");
    }

    private long openShards() {
        return number("select coalesce(sum(shards_open), 0) from listing");
    }

    private long leasedInAll() {
        return number("select count(*) from shard where state = 1");
    }

    private long findingRows() {
        return number("select count(*) from finding where live");
    }

    private long number(String query) {
        return database.jdbi()
                .withHandle(
                        handle -> handle.createQuery(query).mapTo(Long.class).one());
    }
}
