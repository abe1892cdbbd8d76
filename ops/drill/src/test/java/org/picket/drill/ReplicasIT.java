package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.DatabaseSettings;

/// Two coordinators on one PostgreSQL, a crawler that nobody can reach and two agents, as processes on
/// loopback.
@Tag("long")
class ReplicasIT {
    private static final Pattern LISTENS = Pattern.compile("listens at (127\\.0\\.0\\.1:\\d+)");
    private static final Pattern METRICS = Pattern.compile("metrics at (http://[^/]+)/metrics");
    private static final Pattern GRANTED = Pattern.compile("(?m)^picket_leases_granted_total\\S* (\\d+)");
    private static final Pattern FINDING = Pattern.compile("\"key\":\"([^\"]+)\"");
    private static final String PASSWORD = "for-this-drill-alone";
    private static final int SHARED_BUFFERS_MEBIBYTES = 64;
    private static final long LOOK_MILLIS = 20;
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    @TempDir
    private Path folder;

    private final List<PicketProcess> processes = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private Database database;
    private String url;

    @BeforeEach
    void startPostgres() throws SQLException {
        database = Database.open(new DatabaseSettings.Embedded(
                folder.resolve("postgres"), Path.of(PicketProgram.unpacked()), SHARED_BUFFERS_MEBIBYTES));
        url = database.jdbi()
                .withHandle(
                        handle -> handle.getConnection().getMetaData().getURL().replaceFirst("\\?.*", ""));
        // Its own one is random and told to nobody.
        database.jdbi().useHandle(handle -> handle.execute("alter role picket password '" + PASSWORD + "'"));
    }

    @AfterEach
    void end() {
        processes.reversed().forEach(PicketProcess::stop);
        client.close();
        database.close();
        PicketProcess.awaitNoOrphan(folder.resolve("postgres"));
    }

    @Test
    void eitherOfTwoCoordinatorsMayDie() throws Exception {
        String samples = folder.resolve("samples").toString();
        PicketProcess.run(folder, "samples", samples, "--count", "300", "--seed", "14")
                .expect(0);
        long listed =
                run("scan", samples, "--data", data("solo"), "--json").expect(0).number("listed");
        List<String> addresses = List.of(free(), free());
        PicketProcess first = coordinator("first", addresses.getFirst());
        first.awaitOutput(LISTENS);
        // Another one on its database must have its keys, and makes none of its own.
        PicketProcess.Ended stranger =
                coordinator("second", addresses.getLast()).end().expect(2);
        assertTrue(stranger.err().contains("Copy it from another coordinator"), stranger.err());
        copyKeys("first", "second");
        PicketProcess second = coordinator("second", addresses.getLast());
        second.awaitOutput(LISTENS);
        join("crawler", "crawler", "example.org");
        join("admin", "admin", "example.org");
        join("agent", "alice", "alice");
        join("agent", "bob", "bob");
        String member = Files.readString(folder.resolve("alice").resolve("agent.member"));
        assertTrue(addresses.stream().allMatch(member::contains), member);

        PicketProcess crawler = crawler(samples);
        crawler.awaitErrors(Pattern.compile("listed " + listed + " objects"));
        // With the crawler held, agents have leases of both and wait for their views.
        crawler.signal("STOP");
        agent("alice");
        agent("bob");
        awaitGrants(first, second);
        first.killAfter(0);
        crawler.signal("CONT");
        assertTrue(openShards() > 0, "the scan was over before a coordinator was killed");
        assertTrue(leasedInAll() > 0, "nothing was leased when a coordinator was killed");
        PicketProcess.Ended scan = crawler.end().expect(0);
        assertEquals(listed, scan.number("listed"));
        assertEquals(listed, scan.ruled());
        assertEquals(0, scan.number("open"));
        Set<String> alone = findings("solo");
        assertFalse(alone.isEmpty());
        assertEquals(alone, findings("admin"));
        assertEquals(alone.size(), findingRows());

        // The killed one comes back, and serves alone when the other one goes.
        PicketProcess again = coordinator("first", addresses.getFirst());
        again.awaitOutput(LISTENS);
        second.killAfter(0);
        PicketProcess.run(folder, "samples", samples + "/more", "--count", "40", "--seed", "15")
                .expect(0);
        assertEquals(0, crawler(samples).end().expect(0).number("open"));
        assertTrue(granted(again) > 0, "it granted nothing when it was back");
        run("verify", "--data", data("first"), "--database-url", url, "--database-user", "picket")
                .expect(0);
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
        coordinator.awaitErrors(METRICS);
        Matcher at = METRICS.matcher(coordinator.errors());
        assertTrue(at.find());
        String scrape = client.send(
                        HttpRequest.newBuilder(URI.create(at.group(1) + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        Matcher granted = GRANTED.matcher(scrape);
        return granted.find() ? Long.parseLong(granted.group(1)) : 0;
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

    private void copyKeys(String from, String to) throws IOException {
        Path keys = Files.createDirectories(folder.resolve(to).resolve("keys"));
        for (String name : List.of("authority.key", "coordinator.key")) {
            Files.copy(folder.resolve(from).resolve("keys").resolve(name), keys.resolve(name));
        }
    }

    /// An address at which nobody listens yet.
    private static String free() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + free.getLocalPort();
        }
    }

    private PicketProcess coordinator(String name, String listen) {
        return start(
                "coordinator",
                "--data",
                data(name),
                "--database-url",
                url,
                "--database-user",
                "picket",
                "--listen",
                listen,
                "--metrics",
                "127.0.0.1:0");
    }

    private PicketProcess crawler(String samples) {
        return start(
                "crawler",
                "run",
                "--storage",
                samples,
                "--data",
                data("crawler"),
                "--views",
                "relay",
                "--once",
                "--json");
    }

    private PicketProcess agent(String name) {
        return start("agent", "run", "--data", data(name), "--provider", "cpu");
    }

    private void join(String role, String name, String owner) {
        String code = run("invite", role, "--for", owner, "--data", data("first"))
                .expect(0)
                .lastLine();
        run(role, "join", code, "--data", data(name)).expect(0);
    }

    private Set<String> findings(String member) {
        String rows =
                run("findings", "--data", data(member), "--json").expect(0).out();
        return FINDING.matcher(rows).results().map(row -> row.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private String data(String name) {
        return folder.resolve(name).toString();
    }

    private PicketProcess start(String... arguments) {
        PicketProcess process = PicketProcess.start(
                folder, Map.of("PICKET_DATABASE_PASSWORD", PASSWORD, "PICKET_LEASE_TTL", "6s"), arguments);
        processes.add(process);
        return process;
    }

    private PicketProcess.Ended run(String... arguments) {
        return start(arguments).end();
    }
}
