package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.DatabaseSettings;

/// A collective whose database the drill holds: a coordinator, two sites with a crawler each, of which one can be
/// reached and one cannot, and three agents of three operators.
final class StormStage implements AutoCloseable {
    static final List<String> SITES = List.of("example.org", "example.net");
    static final Duration TTL = Duration.ofSeconds(5);

    private static final List<String> OPERATORS = List.of("alice", "bob", "carol");
    private static final Pattern LISTENS = Pattern.compile("listens at (127\\.0\\.0\\.1:\\d+)");
    private static final Pattern WORKS = Pattern.compile("Agent (\\d+) works for the coordinator");
    private static final Pattern ANYTHING = Pattern.compile("");
    private static final String PASSWORD = "for-this-drill-alone";
    private static final int SHARED_BUFFERS_MEBIBYTES = 64;
    private static final long LOOK_MILLIS = 20;
    private static final long LEASES_WITHIN_NANOS = 15_000_000_000L;

    private final Path folder;
    private final Database database;
    private final ShardHistory history;
    private final String url;
    private final String address;
    private final List<Party> crawlers = new ArrayList<>();
    private final List<Party> agents = new ArrayList<>();
    private final List<PicketProcess> processes = new ArrayList<>();
    private final Party coordinator;

    private StormStage(Path folder, Database database) throws IOException, SQLException {
        this.folder = folder;
        this.database = database;
        this.history = ShardHistory.begin(database);
        this.url = database.jdbi()
                .withHandle(
                        handle -> handle.getConnection().getMetaData().getURL().replaceFirst("\\?.*", ""));
        // Its own one is random and told to nobody.
        database.jdbi().useHandle(handle -> handle.execute("alter role picket password '" + PASSWORD + "'"));
        this.address = free();
        this.coordinator = new Party("coordinator", this::coordinate, LISTENS);
        for (String site : SITES) {
            String views = free();
            crawlers.add(new Party("crawler of " + site, () -> crawl(site, views), ANYTHING));
        }
        OPERATORS.forEach(operator -> agents.add(new Party("agent of " + operator, () -> work(operator), WORKS)));
    }

    static StormStage open(Path folder) throws IOException, SQLException {
        Database database = Database.open(new DatabaseSettings.Embedded(
                folder.resolve("postgres"), Path.of(PicketProgram.unpacked()), SHARED_BUFFERS_MEBIBYTES));
        try {
            return new StormStage(folder, database);
        } catch (IOException | SQLException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    static Path storage(Path folder, String site) {
        return folder.resolve("storage").resolve(site);
    }

    /// An agent's number, which it says when it is ready.
    static long number(Party agent) {
        return Long.parseLong(agent.heard());
    }

    /// Starts the coordinator, has all others join, and starts them.
    void startAll() {
        coordinator.start();
        coordinator.awaitReady();
        for (String site : SITES) {
            join("crawler", "crawler-" + site, site);
            join("admin", "admin-" + site, site);
        }
        OPERATORS.forEach(operator -> join("agent", operator, operator));
        crawlers.forEach(Party::start);
        agents.forEach(Party::start);
        agents.forEach(Party::awaitReady);
    }

    Party coordinator() {
        return coordinator;
    }

    List<Party> agents() {
        return agents;
    }

    List<Party> crawlers() {
        return crawlers;
    }

    List<Party> parties() {
        return Stream.of(List.of(coordinator), crawlers, agents)
                .flatMap(List::stream)
                .toList();
    }

    ShardHistory history() {
        return history;
    }

    /// Shards that are leased, or claimed for it.
    long leased() {
        return history.number("select count(*) from shard where state = 1");
    }

    /// @return whether something was leased within some seconds
    boolean awaitLeases() throws InterruptedException {
        long deadline = System.nanoTime() + LEASES_WITHIN_NANOS;
        while (leased() == 0) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            assertTrue(!coordinator.process().endsWithin(LOOK_MILLIS), coordinator.process()::errors);
        }
        return true;
    }

    /// Whether each storage was listed anew since and all of it is ruled, and every order is answered.
    boolean settledSince(long listing, int found) {
        return history.number("select count(distinct storage_id) from listing where state = 2 and id > " + listing)
                        == SITES.size()
                && history.number("select count(*) from removal_order where receipt is null") == 0
                && history.number("select count(*) from finding where state = 'QUARANTINED'") >= found;
    }

    /// How it stands, for whoever waits in vain.
    String standing() {
        return database.jdbi()
                .withHandle(handle -> Stream.of(
                                "select id, storage_id, state, shards, shards_open, listed, known, cleared, flagged,"
                                        + " inconclusive, gone from listing order by id desc limit 6",
                                "select listing_id, number, objects, ruled, state, lease_epoch, term, take, attempts"
                                        + " from shard where state < 2",
                                "select state, state_detail, count(*) from finding group by 1, 2",
                                "select outcome, count(*) from removal_order group by 1")
                        .map(query ->
                                handle.createQuery(query).mapToMap().list().toString())
                        .reduce("", (a, b) -> a + "\n" + b));
    }

    /// Keys of findings, each behind its site.
    Set<String> findings() {
        Set<String> all = new TreeSet<>();
        SITES.forEach(site -> Admin.of(folder, "admin-" + site)
                .findings()
                .forEach(row -> assertTrue(all.add(site + "/" + row.key()), "found twice")));
        return all;
    }

    /// The ledger, once nobody works any more.
    void verify() {
        crawlers.forEach(party -> party.process().stop());
        agents.forEach(party -> party.process().stop());
        coordinator.process().stop();
        start("verify", "--data", data("coordinator"), "--database-url", url, "--database-user", "picket")
                .end()
                .expect(0);
    }

    private PicketProcess coordinate() {
        return start(
                "coordinator",
                "--data",
                data("coordinator"),
                "--database-url",
                url,
                "--database-user",
                "picket",
                "--listen",
                address,
                "--metrics",
                "127.0.0.1:0");
    }

    private PicketProcess crawl(String site, String views) {
        String[] way = site.equals(SITES.getFirst())
                ? new String[] {"--views", "relay"}
                : new String[] {"--views", "direct", "--listen", views};
        return start(Stream.concat(
                        Stream.of(
                                "crawler",
                                "run",
                                "--storage",
                                storage(folder, site).toString(),
                                "--data",
                                data("crawler-" + site),
                                "--mode",
                                "quarantine",
                                "--decoders",
                                "1",
                                "--every",
                                "1s",
                                "--json"),
                        Stream.of(way))
                .toArray(String[]::new));
    }

    private PicketProcess work(String operator) {
        return start("agent", "run", "--data", data(operator), "--provider", "cpu", "--metrics", "127.0.0.1:0");
    }

    private void join(String role, String name, String owner) {
        String code = start("invite", role, "--for", owner, "--data", data("coordinator"))
                .end()
                .expect(0)
                .lastLine();
        start(role, "join", code, "--data", data(name)).end().expect(0);
    }

    private String data(String name) {
        return folder.resolve(name).toString();
    }

    private PicketProcess start(String... arguments) {
        PicketProcess process = PicketProcess.start(
                folder,
                Map.of(
                        "PICKET_DATABASE_PASSWORD",
                        PASSWORD,
                        "PICKET_LEASE_TTL",
                        TTL.toSeconds() + "s",
                        "PICKET_LOG_LEVEL",
                        "INFO"),
                arguments);
        processes.add(process);
        return process;
    }

    /// An address at which nobody listens yet.
    private static String free() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + free.getLocalPort();
        }
    }

    @Override
    public void close() {
        processes.reversed().forEach(PicketProcess::stop);
        database.close();
    }
}
