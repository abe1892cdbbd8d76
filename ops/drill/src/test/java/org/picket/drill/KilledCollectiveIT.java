package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.picket.runtime.time.TimeSource;

/// Coordinator, crawlers and agents are killed and held, each of them both, one after the other at random
/// moments, while ever more objects come to two storages. `STORM_ROUNDS` and `STORM_SEED` say how often and in
/// which order.
@Tag("long")
@Isolated
class KilledCollectiveIT {
    private static final int ROUNDS = setting("STORM_ROUNDS", 50);
    private static final long SEED = setting("STORM_SEED", 20_261_121);

    /// Objects that come to each storage in a round.
    private static final int LUMP = 60;

    private static final long MOMENT_MILLIS = 250;
    private static final long LOOK_MILLIS = 25;
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    /// What may pass beyond the life of a lease: a sweep, and the next request.
    private static final Duration REGRANT = Duration.ofSeconds(1);

    /// Longer than the drill.
    private static final Duration LONG = Duration.ofHours(12);

    private static final List<LeaseTimes.Regrant> NO_LEASES = List.of();

    @TempDir
    private Path folder;

    private final TimeSource time = TimeSource.system();
    private final Random random = new Random(SEED);
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<StormSamples> samples = new ArrayList<>();
    private final List<Disturbance> disturbances = new ArrayList<>();
    /// What is left to be done to whom, before it begins anew.
    private final ArrayDeque<Blow> blows = new ArrayDeque<>();

    private Optional<StormStage> stage = Optional.empty();
    private double scored;
    private int idle;

    /// @param party by its place among the stage's
    /// @param kill or else it is held
    private record Blow(int party, boolean kill) {}

    /// @param agent its number; 0: it was none
    /// @param held zero: it was killed
    private record Disturbance(Instant at, String whom, long agent, Duration held) {
        /// @param next when somebody else was disturbed
        LeaseTimes.Silence silence(Instant next) {
            if (held.isZero()) {
                // A request that it had under way may be answered once more; however late its leases expire, it is for
                // its end.
                return new LeaseTimes.Silence(agent, at, at.plusMillis(MOMENT_MILLIS), at.plus(LONG), next);
            }
            return held.compareTo(StormStage.TTL.plus(REGRANT)) >= 0
                    ? new LeaseTimes.Silence(agent, at, at, at.plus(LONG), next)
                    : new LeaseTimes.Silence(agent, at, at.plus(held), at.plus(held), next);
        }
    }

    private static int setting(String name, int usual) {
        return Optional.ofNullable(System.getenv(name)).map(Integer::parseInt).orElse(usual);
    }

    @AfterEach
    void end() {
        stage.ifPresent(StormStage::close);
        client.close();
        PicketProcess.awaitNoOrphan(folder);
    }

    @Test
    void nothingIsLostOrDoneTwiceWhoeverIsKilledOrHeld() throws Exception {
        System.out.println("storm: " + ROUNDS + " rounds, seed " + SEED);
        writeSamples();
        Set<String> alone = scanAlone();
        Instant begun = time.now();
        StormStage running = StormStage.open(folder);
        stage = Optional.of(running);
        running.startAll();
        for (int round = 0; round < ROUNDS; round++) {
            disturb(running, round);
        }
        for (StormSamples each : samples) {
            each.bring(Integer.MAX_VALUE);
        }
        awaitEnd(running, alone.size());
        running.agents().forEach(agent -> scored += agent.measured(client, "picket_agent_views_total"));

        assertAllWereStruck(running.parties());
        // The same was found as by one process that nobody disturbed, and was quarantined once.
        assertEquals(alone, running.findings());
        assertStorages(alone);
        assertEffects(running, alone.size());
        ShardHistory.Account account = running.history().account();
        assertEquals(List.of(), account.foreign(), "rulings by leases that were not the current ones");
        assertEquals(List.of(), account.silent(), "rulings that are not in the ledger");
        assertTimes(running, begun, account);
        running.verify();
    }

    private void writeSamples() throws IOException {
        StormSamples.Originals originals = StormSamples.originals(folder, SEED);
        int each = ROUNDS * LUMP;
        for (int i = 0; i < StormStage.SITES.size(); i++) {
            String site = StormStage.SITES.get(i);
            samples.add(StormSamples.write(
                    originals,
                    folder.resolve("whole").resolve(site),
                    StormStage.storage(folder, site),
                    i * each,
                    each,
                    random));
        }
    }

    /// Keys of findings, each behind its site.
    private Set<String> scanAlone() {
        Admin solo = Admin.of(folder, "solo");
        PicketProcess.Ended scan =
                solo.run("scan", folder.resolve("whole").toString(), "--json").expect(0);
        assertEquals(2L * ROUNDS * LUMP, scan.number("listed"));
        assertEquals(scan.number("listed"), scan.number("cleared") + scan.number("flagged"));
        // One view each: views can be counted as objects.
        assertEquals(scan.number("listed"), scan.number("views"));
        Set<String> keys = solo.findings().stream().map(Admin.Row::key).collect(Collectors.toCollection(TreeSet::new));
        assertFalse(keys.isEmpty());
        return keys;
    }

    private void disturb(StormStage running, int round) throws Exception {
        for (StormSamples each : samples) {
            each.bring(LUMP);
        }
        if (!running.awaitLeases()) {
            idle++;
        }
        List<Party> parties = running.parties();
        Blow blow = next(parties.size());
        Party party = parties.get(blow.party());
        long agent = running.agents().contains(party) ? StormStage.number(party) : 0;
        pause(party, random.nextLong(MOMENT_MILLIS));
        // Where crawlers are held meanwhile, an agent's end finds it with all the leases that it has.
        boolean frozen = agent > 0 && random.nextInt(4) > 0;
        if (frozen) {
            running.crawlers().forEach(crawler -> crawler.signal("STOP"));
        }
        boolean kill = blow.kill();
        Duration held = kill
                ? Duration.ZERO
                : Duration.ofMillis((long) (StormStage.TTL.toMillis() * (0.3 + 1.5 * random.nextDouble())));
        Instant at = time.now();
        if (kill) {
            if (agent > 0) {
                scored += party.measured(client, "picket_agent_views_total");
            }
            at = time.now();
            party.kill();
            thaw(running, frozen);
            party.start();
        } else {
            party.signal("STOP");
            thaw(running, frozen);
            pause(party, held.toMillis());
            party.signal("CONT");
        }
        disturbances.add(new Disturbance(at, party.name(), agent, held));
        System.out.println("storm: round " + round + ", " + party.name() + (kill ? " killed" : " held for " + held)
                + ", leases then " + running.leased());
        if (kill) {
            party.awaitReady();
        }
        if (agent > 0) {
            // Whose leases these were stays to be told: nobody else is disturbed before they are leased again.
            Duration over = Duration.between(
                    time.now(), at.plus(StormStage.TTL).plus(REGRANT).plusMillis(500));
            pause(party, Math.max(0, over.toMillis()));
        }
        for (Party one : parties) {
            assertFalse(
                    one.process().endsWithin(0),
                    () -> one.name() + " has ended: " + one.process().errors());
        }
    }

    private Blow next(int parties) {
        if (blows.isEmpty()) {
            List<Blow> all = IntStream.range(0, parties)
                    .boxed()
                    .flatMap(party -> Stream.of(new Blow(party, true), new Blow(party, false)))
                    .collect(Collectors.toCollection(ArrayList::new));
            Collections.shuffle(all, random);
            blows.addAll(all);
        }
        return blows.poll();
    }

    /// As far as there were rounds enough: whoever did not get both says nothing of what it survives.
    private void assertAllWereStruck(List<Party> parties) {
        if (ROUNDS < 2 * parties.size()) {
            return;
        }
        for (Party party : parties) {
            Set<Boolean> killed = disturbances.stream()
                    .filter(each -> each.whom().equals(party.name()))
                    .map(each -> each.held().isZero())
                    .collect(Collectors.toSet());
            assertEquals(Set.of(true, false), killed, party.name() + " was not both killed and held");
        }
    }

    private static void thaw(StormStage running, boolean frozen) {
        if (frozen) {
            running.crawlers().forEach(crawler -> crawler.signal("CONT"));
        }
    }

    private static void pause(Party party, long millis) throws InterruptedException {
        assertFalse(party.process().endsWithin(millis), () -> party.name() + " has ended by itself");
    }

    private void awaitEnd(StormStage running, int found) throws Exception {
        long since = running.history().number("select coalesce(max(id), 0) from listing");
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!running.settledSince(since, found)) {
            pause(running.parties().getFirst(), LOOK_MILLIS);
            assertTrue(System.nanoTime() < deadline, running::standing);
        }
    }

    private void assertStorages(Set<String> alone) throws IOException {
        int quarantined = 0;
        for (StormSamples each : samples) {
            assertTrue(each.allBrought());
            FileTreeState now = FileTreeState.of(each.storage());
            String site = each.source().getFileName().toString();
            Set<String> gone = new TreeSet<>();
            for (int i = 0; i < ROUNDS * LUMP; i++) {
                String key = "%04d/%02d.jpg".formatted(i / 50, i % 50);
                if (!now.live().containsKey(key)) {
                    gone.add(site + "/" + key);
                }
            }
            assertEquals(
                    alone.stream().filter(key -> key.startsWith(site + "/")).collect(Collectors.toSet()),
                    gone,
                    "what is no longer in its place");
            int sidecars = now.quarantined().getOrDefault("sidecar", 0);
            assertEquals(gone.size(), sidecars);
            assertEquals(
                    2 * gone.size(),
                    now.quarantined().values().stream()
                            .mapToInt(Integer::intValue)
                            .sum());
            quarantined += gone.size();
        }
        assertEquals(alone.size(), quarantined);
    }

    private static void assertEffects(StormStage running, int found) {
        ShardHistory history = running.history();
        assertEquals(found, history.number("select count(*) from finding"));
        assertEquals(found, history.number("select count(*) from removal_order where outcome = 'QUARANTINED'"));
        assertEquals(
                0,
                history.number("select count(*) from removal_order where outcome is distinct from" + " 'QUARANTINED'"));
        assertEquals(
                found,
                history.number("select count(distinct storage_id || ' ' || key) from finding where live or"
                        + " state = 'QUARANTINED'"));
    }

    private void assertTimes(StormStage running, Instant begun, ShardHistory.Account account) {
        LeaseTimes times = LeaseTimes.read(begun, running.coordinator().logs());
        Duration limit = StormStage.TTL.plus(REGRANT);
        List<Long> millis = new ArrayList<>();
        List<Long> freed = new ArrayList<>();
        List<String> late = new ArrayList<>();
        for (int i = 0; i < disturbances.size(); i++) {
            Disturbance each = disturbances.get(i);
            Instant next = i + 1 < disturbances.size() ? disturbances.get(i + 1).at() : time.now();
            for (LeaseTimes.Regrant lease : each.agent() > 0 ? times.after(each.silence(next), limit) : NO_LEASES) {
                freed.add(lease.freed());
                lease.again().ifPresent(millis::add);
                if (lease.again().filter(again -> again <= limit.toMillis()).isEmpty()) {
                    late.add(each + "\n" + lease + "\n" + times.history(lease.shard()));
                }
            }
        }
        long most = millis.stream().mapToLong(Long::longValue).max().orElse(0);
        long free = freed.stream().mapToLong(Long::longValue).max().orElse(0);
        double mean = millis.stream().mapToLong(Long::longValue).average().orElse(0);
        long unreported = running.history().unreported();
        long objects = 2L * ROUNDS * LUMP;
        System.out.printf(
                "storm: %d rounds (%d with no lease), %d leases granted, %d expired, %d unknown to their agents, %d rulings,"
                        + " zombie writes accepted %d, late verdicts %d, objects %d, ruled by scores %d, views scored %.0f, in accepted verdicts %d,"
                        + " left unreported by lost leases at most %d; after an agent's end %d leases: free again"
                        + " after at most %d ms, granted again after %.0f ms on average, %d at most (TTL %d ms)%n",
                disturbances.size(),
                idle,
                times.granted(),
                times.ended("EXPIRED"),
                times.ended("FORGOTTEN") + times.ended("ABANDONED"),
                account.rulings(),
                account.foreign().size(),
                account.late(),
                objects,
                account.inferred(),
                scored,
                account.views(),
                unreported,
                millis.size(),
                free,
                mean,
                most,
                StormStage.TTL.toMillis());
        assertFalse(millis.isEmpty(), "no lease was lost with its agent");
        assertEquals(List.of(), late, "leases that nobody got again in time");
        // What was reported was never scored again.
        assertEquals(objects, account.inferred());
        assertEquals(objects, account.views());
        assertTrue(scored - account.views() <= unreported, "scored for nothing: " + (scored - account.views()));
    }
}
