package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.DatabaseSettings;
import org.picket.coordinator.shard.ShardKey;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.ShardId;
import org.picket.proto.limit.Limits;

/// Two sites with much to scan, whose operators have contributed unlike amounts of work, and a third with little that
/// comes while they are scanned: processes on loopback.
@Order(3)
@Tag("long")
class TwoSitesIT {
    private static final String HEAVY = "example.org";
    private static final String LIGHT = "example.net";
    private static final String SMALL = "example.com";
    private static final List<String> SITES = List.of(HEAVY, LIGHT, SMALL);
    private static final List<String> OPERATORS = List.of("alice", "bob");

    /// Objects of each: the two large ones have as many, so that shares follow weights and not sizes, and enough that
    /// one lease is less than a tenth of what the lighter one gets.
    private static final Map<String, Integer> OBJECTS = Map.of(HEAVY, 7_800, LIGHT, 7_800, SMALL, 60);

    /// Shares are taken of so many objects, before either has none left.
    private static final int COUNTED = 12_400;

    /// What their operators' agents are said to have done, in views: far more than they do here.
    private static final long HEAVY_VIEWS = 3_000_000;

    private static final long LIGHT_VIEWS = 2_000_000;

    /// By their weights: a tenth for each, and their part of all work.
    private static final double LIGHT_SHARE = (0.1 + 0.4) / (0.1 + 0.6 + 0.1 + 0.4);

    private static final long BEFORE_THE_SMALL_ONE = 2_000;

    /// What may be ruled of the others between the small one's listing and its first ruling: what each agent has under
    /// way or is on its way to it, in leases of the largest size.
    private static final long BOUND = OPERATORS.size() * 3L * Limits.SHARD_OBJECTS;

    private static final Pattern GRANT = Pattern.compile("shard (\\d+): leased to agent");
    private static final int SHARED_BUFFERS_MEBIBYTES = 64;
    private static final long LOOK_MILLIS = 20;
    private static final long PATIENCE_NANOS = 400_000_000_000L;

    @TempDir
    private Path folder;

    private Database database;
    private Replicas parts;

    @BeforeEach
    void startPostgres() throws SQLException {
        database = Database.open(new DatabaseSettings.Embedded(
                folder.resolve("postgres"), Path.of(PicketProgram.unpacked()), SHARED_BUFFERS_MEBIBYTES));
        parts = Replicas.on(database, folder, Map.of("PICKET_LOG_LEVEL", "INFO"));
    }

    @AfterEach
    void end() {
        parts.close();
        database.close();
        PicketProcess.awaitNoOrphan(folder.resolve("postgres"));
    }

    @Test
    void smallSiteIsServedWhileLargeOnesAreScannedWhoseSharesFollowTheirWeights() throws Exception {
        writeSamples();
        PicketProcess coordinator = begin();
        Map<String, PicketProcess> crawlers = new HashMap<>();
        for (String site : List.of(HEAVY, LIGHT)) {
            crawlers.put(site, crawl(site));
        }
        OPERATORS.forEach(parts::agent);
        await(coordinator, "the first rulings", () -> ruledOfOthers() >= BEFORE_THE_SMALL_ONE);

        crawlers.put(SMALL, crawl(SMALL));
        long then = ruledOfOthers();
        await(coordinator, "a ruling of the small site", () -> ruled(SMALL) > 0);
        long between = ruledOfOthers() - then;
        assertTrue(open(HEAVY) > 0 && open(LIGHT) > 0, "the others were scanned already");
        System.out.println("two sites: " + between + " objects of others were ruled between the small site's listing"
                + " and its first ruling (at most " + BOUND + ")");
        assertTrue(between <= BOUND, between + " objects of others were ruled first");
        assertEquals(0, crawlers.get(SMALL).end().expect(0).number("open"));

        Shards shards = shards();
        await(
                coordinator,
                "most grants",
                () -> granted(coordinator, shards).values().stream()
                                .mapToLong(Long::longValue)
                                .sum()
                        >= COUNTED);
        Map<String, Long> granted = granted(coordinator, shards);
        double share = (double) granted.get(LIGHT) / (granted.get(LIGHT) + granted.get(HEAVY));
        System.out.printf(
                "two sites: leased %s, the lighter one's share is %.3f, by weight %.3f%n", granted, share, LIGHT_SHARE);
        assertEquals(LIGHT_SHARE, share, LIGHT_SHARE / 10);
        for (String site : List.of(HEAVY, LIGHT)) {
            PicketProcess.Ended scan = crawlers.get(site).end().expect(0);
            assertEquals(OBJECTS.get(site).longValue(), scan.ruled());
        }
    }

    private void writeSamples() throws IOException {
        StormSamples.Originals originals = StormSamples.originals(folder, 5);
        int first = 0;
        for (String site : SITES) {
            int count = OBJECTS.get(site);
            StormSamples.write(
                            originals,
                            folder.resolve("sources").resolve(site),
                            StormStage.storage(folder, site),
                            first,
                            count,
                            new Random(first))
                    .bring(count);
            first += count;
        }
    }

    /// Has all join, and a coordinator that knows what was contributed.
    private PicketProcess begin() throws Exception {
        String address = Replicas.free();
        PicketProcess first = parts.coordinator("coordinator", address);
        first.awaitOutput(Replicas.LISTENS);
        SITES.forEach(site -> parts.join("coordinator", "crawler", site, site));
        OPERATORS.forEach(operator -> parts.join("coordinator", "agent", operator, operator));
        first.stop();
        contribute(HEAVY, HEAVY_VIEWS);
        contribute(LIGHT, LIGHT_VIEWS);
        PicketProcess coordinator = parts.coordinator("coordinator", address);
        coordinator.awaitOutput(Replicas.LISTENS);
        return coordinator;
    }

    private void contribute(String site, long views) {
        int rows = database.jdbi()
                .withHandle(handle -> handle.createUpdate("insert into contribution (owner_id, day, views)"
                                + " select id, extract(epoch from now())::bigint / 86400, :views from site"
                                + " where name = :site")
                        .bind("views", views)
                        .bind("site", site)
                        .execute());
        assertEquals(1, rows);
    }

    /// Starts a site's crawler, and waits until all is listed.
    private PicketProcess crawl(String site) {
        PicketProcess crawler = parts.start(
                "crawler",
                "run",
                "--storage",
                StormStage.storage(folder, site).toString(),
                "--data",
                parts.data(site),
                "--views",
                "relay",
                "--once",
                "--json");
        crawler.awaitErrors(Pattern.compile(String.format(Locale.ROOT, "listed %,d objects", OBJECTS.get(site))));
        return crawler;
    }

    /// Something that is so sooner or later.
    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(PicketProcess coordinator, String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.holds()) {
            assertTrue(!coordinator.endsWithin(LOOK_MILLIS), coordinator::errors);
            assertTrue(System.nanoTime() < deadline, () -> what + " never came\n" + coordinator.errors());
        }
    }

    private long ruledOfOthers() {
        return ruled(HEAVY) + ruled(LIGHT);
    }

    private long ruled(String site) {
        return ofListing(site, "cleared + flagged + inconclusive");
    }

    private long open(String site) {
        return ofListing(site, "shards_open");
    }

    private long ofListing(String site, String what) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("select coalesce(sum(" + what + "), 0) from listing"
                                + " join storage on storage.id = listing.storage_id"
                                + " join site on site.id = storage.site_id where site.name = :site")
                        .bind("site", site)
                        .mapTo(Long.class)
                        .one());
    }

    /// Objects of the shards that were leased, by site, in the order in which they were: the first ones up to
    /// [#COUNTED], without the small site's, each shard once.
    private Map<String, Long> granted(PicketProcess coordinator, Shards shards) {
        Map<String, Long> granted = new HashMap<>(Map.of(HEAVY, 0L, LIGHT, 0L));
        Set<ShardKey> seen = new HashSet<>();
        Matcher grant = GRANT.matcher(coordinator.errors());
        long counted = 0;
        while (grant.find() && counted < COUNTED) {
            ShardKey key = ShardKey.of(new ShardId(Long.parseLong(grant.group(1))));
            if (seen.add(key) && granted.containsKey(shards.sites().get(key))) {
                granted.merge(shards.sites().get(key), (long) shards.objects().get(key), Long::sum);
                counted += shards.objects().get(key);
            }
        }
        return granted;
    }

    /// How many objects each shard has, and whose they are.
    private record Shards(Map<ShardKey, Integer> objects, Map<ShardKey, String> sites) {}

    private Shards shards() {
        Map<ShardKey, Integer> objects = new HashMap<>();
        Map<ShardKey, String> sites = new HashMap<>();
        database.jdbi()
                .useHandle(handle -> handle.createQuery("select listing_id, number, objects, site.name from shard"
                                + " join listing on listing.id = shard.listing_id"
                                + " join storage on storage.id = listing.storage_id"
                                + " join site on site.id = storage.site_id")
                        .map((row, _) -> {
                            ShardKey key = new ShardKey(new ListingId(row.getLong(1)), row.getInt(2));
                            objects.put(key, row.getInt(3));
                            sites.put(key, row.getString(4));
                            return key;
                        })
                        .list());
        return new Shards(objects, sites);
    }
}
