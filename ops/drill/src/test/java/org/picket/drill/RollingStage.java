package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.DatabaseSettings;

/// Two coordinators on one PostgreSQL, which are started anew one after the other, a crawler to whose storage
/// objects come a lump at a time, and agents that take their time.
final class RollingStage implements AutoCloseable {
    /// Operators, and the names of their agents.
    static final List<String> AGENTS = List.of("alice", "bob");

    private static final List<String> COORDINATORS = List.of("first", "second");
    private static final int SHARED_BUFFERS_MEBIBYTES = 64;
    private static final long SEED = 20_261_122;

    /// Objects that come at once: leases of them last for seconds at the agents' pace, and are worked off in
    /// time.
    private static final int LUMP = 160;

    private static final int OBJECTS = 36 * LUMP;

    /// Some forty views a second.
    private static final String PACE = "6MB";

    /// On a busy machine a database may say nothing for seconds; where leases live shortly, coordinators that share it
    /// close their doors then.
    private static final Map<String, String> SETTINGS = Map.of("PICKET_LEASE_TTL", "30s", "PICKET_LOG_LEVEL", "INFO");

    /// As the runbook says: leases are worked off, or called off, and their agents have heard so.
    private static final Duration ENDS_WITHIN = Duration.ofMinutes(1);

    private static final String CALLS = "picket_calls_made_total";
    private static final String LEASES = "picket_leases(?=[ {])";
    private static final String WAITING = "picket_agents_waiting(?=[ {])";
    private static final String CRAWLERS = "picket_relay_crawlers(?=[ {])";
    private static final long LOOK_MILLIS = 20;
    private static final long PATIENCE_NANOS = 240_000_000_000L;

    private final StormSamples samples;
    private final Database database;
    private final ShardHistory history;
    private final Replicas replicas;
    private final List<String> addresses;
    private final List<PicketProcess> coordinators = new ArrayList<>();
    private final StringBuilder lastWords = new StringBuilder();
    private final Map<String, PicketProcess> agents = new TreeMap<>();

    RollingStage(Path folder) throws IOException, SQLException {
        samples = StormSamples.write(
                StormSamples.originals(folder, SEED),
                folder.resolve("whole"),
                folder.resolve("storage"),
                0,
                OBJECTS,
                new Random(SEED));
        database = Database.open(new DatabaseSettings.Embedded(
                folder.resolve("postgres"), Path.of(PicketProgram.unpacked()), SHARED_BUFFERS_MEBIBYTES));
        history = ShardHistory.begin(database);
        replicas = Replicas.on(database, folder, SETTINGS);
        addresses = List.of(Replicas.free(), Replicas.free());
    }

    /// Has all that is started from now on be of another release.
    ///
    /// @param program the words before its arguments
    void use(List<String> program) {
        replicas.use(program);
    }

    /// Starts both coordinators, and has all others join.
    void begin() throws IOException {
        for (int i = 0; i < COORDINATORS.size(); i++) {
            coordinators.add(replicas.coordinator(COORDINATORS.get(i), addresses.get(i)));
            coordinators.get(i).awaitOutput(Replicas.LISTENS);
            if (i == 0) {
                replicas.copyKeys(COORDINATORS.getFirst(), COORDINATORS.getLast());
            }
        }
        join("crawler", "crawler", "example.org");
        join("admin", "admin", "example.org");
        AGENTS.forEach(agent -> join("agent", agent, agent));
    }

    void join(String role, String name, String owner) {
        replicas.join(COORDINATORS.getFirst(), role, name, owner);
    }

    PicketProcess crawler() {
        return replicas.steadyCrawler(samples.storage().toString());
    }

    void agent(String name) {
        agents.put(name, replicas.agent(name, "--bandwidth-down", PACE, "--metrics", "127.0.0.1:0"));
    }

    void bring() throws IOException {
        samples.bring(LUMP);
    }

    /// Whether all that was brought is listed and ruled.
    private boolean allRuled() {
        return number("select coalesce(max(listed), 0) from listing where state = 2") == samples.brought();
    }

    long number(String query) {
        return history.number(query);
    }

    void awaitRuled(PicketProcess crawler) throws Exception {
        await(crawler, this::allRuled);
    }

    /// Waits until an agent has had a verdict accepted, and brings it work.
    void awaitVerdict(String agent) throws Exception {
        await(agents.get(agent), () -> {
            bringWhereAllIsRuled();
            return accepted(agents.get(agent)) > 0;
        });
    }

    /// Ends each coordinator in turn, when it has leases, as systemd and containers do, and starts it again while
    /// objects come. Waits until members are back at it.
    void startAnewEach() throws Exception {
        for (int i = 0; i < COORDINATORS.size(); i++) {
            startAnew(i);
        }
    }

    private void startAnew(int i) throws Exception {
        PicketProcess coordinator = coordinators.get(i);
        await(coordinator, () -> {
            bringWhereAllIsRuled();
            return replicas.metric(coordinator, LEASES) > 0;
        });
        long begun = System.nanoTime();
        coordinator.signal("TERM");
        bring();
        assertTrue(coordinator.endsWithin(ENDS_WITHIN.toMillis()), coordinator::errors);
        PicketProcess.Ended ended = coordinator.end().expect(0);
        lastWords.append(ended.err());
        long over = System.nanoTime();
        PicketProcess again = replicas.coordinator(COORDINATORS.get(i), addresses.get(i));
        coordinators.set(i, again);
        again.awaitOutput(Replicas.LISTENS);
        // The crawler brings what comes to the other one, which leases all of it as long as it is little.
        await(again, () -> replicas.metric(again, CRAWLERS) > 0 && replicas.metric(again, WAITING) > 0);
        System.out.printf(
                "rolling: the %s ended within %d ms (%s), and its members were back %d ms later%n",
                COORDINATORS.get(i),
                (over - begun) / 1_000_000,
                ended.err().contains("not worked off") ? "leases were called off" : "leases were worked off",
                (System.nanoTime() - over) / 1_000_000);
    }

    private void bringWhereAllIsRuled() throws IOException {
        if (allRuled()) {
            assertFalse(samples.allBrought(), "no objects are left to bring");
            samples.bring(2 * LUMP);
        }
    }

    private static void await(PicketProcess living, Callable<Boolean> done) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!done.call()) {
            assertFalse(living.endsWithin(LOOK_MILLIS), living::errors);
            assertTrue(System.nanoTime() < deadline, living::errors);
        }
    }

    /// No call of an agent has failed, each object was scored once, and all of it is as if nobody had been restarted.
    void check(PicketProcess crawler) throws Exception {
        System.out.println("rolling: calls of the crawler " + replicas.counts(crawler, CALLS));
        long scored = 0;
        for (Map.Entry<String, PicketProcess> agent : agents.entrySet()) {
            PicketProcess process = agent.getValue();
            Map<String, Long> calls = replicas.counts(process, CALLS);
            System.out.println("rolling: calls of " + agent.getKey() + " " + calls);
            assertEquals(Map.of(), failed(calls), () -> process.errors() + lastWords);
            assertTrue(accepted(process) > 0, process::errors);
            scored += replicas.metric(process, "picket_agent_views_total");
        }
        ShardHistory.Account account = history.account();
        long brought = samples.brought();
        System.out.println("rolling: " + brought + " objects came; views in accepted verdicts " + account.views()
                + ", scored " + scored);
        assertEquals(List.of(), account.foreign(), "rulings by leases that were not the current ones");
        assertEquals(List.of(), account.silent(), "rulings that are not in the ledger");
        assertEquals(0, faultyListings(), "listings given up, or objects ruled twice or never");
        // Every object has one view. What a range holds beside new objects is looked at again, and known.
        assertEquals(brought, account.views(), "objects that were scored twice, or never");
        // A lease that is late is called off for an agent that has nothing to do, and what it had not reported is
        // scored by that one.
        assertTrue(scored - account.views() <= history.unreported(), "scored for nothing: " + (scored - brought));

        replicas.run("scan", samples.storage().toString(), "--data", replicas.data("solo"), "--json")
                .expect(0);
        Set<String> alone = replicas.findings("solo");
        assertFalse(alone.isEmpty());
        assertEquals(alone, replicas.findings("admin"));
        assertEquals(alone.size(), number("select count(*) from finding where live"));
        replicas.verify(COORDINATORS.getFirst());
    }

    /// Calls that failed. Streams of views may end otherwise than well: CANCELLED, by the agent itself, when it has all
    /// that it wanted, and FAILED_PRECONDITION, of a lease that was called off.
    private static Map<String, Long> failed(Map<String, Long> calls) {
        assertFalse(calls.isEmpty(), "nothing was counted");
        Map<String, Long> failed = new TreeMap<>(calls);
        failed.keySet()
                .removeIf(call -> call.contains("status=\"ok\"")
                        || call.contains("service=\"Relay\"")
                                && call.contains("method=\"Open\"")
                                && (call.contains("status=\"cancelled\"")
                                        || call.contains("status=\"failed_precondition\"")));
        return failed;
    }

    private long accepted(PicketProcess agent) throws Exception {
        return replicas.metric(agent, "picket_agent_events_total\\{[^}]*event=\"verdict_accepted");
    }

    /// Listings that were given up for newer ones, or that are over and have an object ruled twice or never.
    private long faultyListings() {
        return number("select count(*) from listing where state = 3 or state = 2 and"
                + " listed <> known + cleared + flagged + inconclusive + gone");
    }

    @Override
    public void close() {
        replicas.close();
        database.close();
    }
}
