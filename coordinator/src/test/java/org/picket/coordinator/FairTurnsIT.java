package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.share.Contributions;
import org.picket.coordinator.share.Lane;
import org.picket.proto.v1.Grant;

/// Two sites, one with a huge storage and one with a small one, and an agent for both.
class FairTurnsIT extends ScannedStorage {
    private static final OwnerId SMALL_SITE = new OwnerId(2);
    /// Grants until a listing that has just begun has its first: those that other calls hold, and one more while
    /// its shards are claimed.
    private static final int SOON = 3;

    private final Map<Long, FakeCrawler> crawlers = new HashMap<>();

    @Test
    void smallSiteHasItsFirstRulingWhileTheHugeOneRunsAndSharesFollowTheWeights() {
        list(40_000);
        long huge = storage;
        FakeAgent agent = collective.agent(SMALL_SITE.value());
        for (int i = 0; i < 5; i++) {
            assertEquals(huge, work(agent).storage());
        }
        listOfTheSmallSite(20_000);
        int until = 1;
        while (work(agent).storage() != storage) {
            until++;
            assertTrue(until <= SOON, "the small site waits");
        }
        // All work is by an agent of the small site's own: it weighs eleven times as much.
        Contributions contributions = new Contributions(database);
        contributions.refresh(collective.time.now());
        double own = contributions.weight(SMALL_SITE);
        assertEquals(1 + Contributions.FLOOR, own, 1e-9);
        assertEquals(1.0 / 2, share(agent, 20), 0.1, "weights of the start, when nobody had done anything");
        collective.restart();
        crawlers.replaceAll((id, before) -> rejoined(id, before));
        FakeAgent again = collective.agent(SMALL_SITE.value());
        assertEquals(own / (own + Contributions.FLOOR), share(again, 24), 0.1, "weights of what was done");
    }

    @Test
    void eachSitesShareIsWithinATenthOfWhatItsWeightSays() {
        // So long ago that it weighs nothing for the other test, on the same database.
        collective.time.pass(Duration.ofDays(-60));
        database.useTransaction(handle -> Contributions.add(
                handle, Map.of(Collective.SITE, 3_000_000L, SMALL_SITE, 1_000_000L), collective.time.now()));
        restart();
        list(30_000);
        listOfTheSmallSite(15_000);
        double small = Contributions.FLOOR + 0.25;
        double huge = Contributions.FLOOR + 0.75;
        double due = small / (small + huge);
        double got = share(collective.agent(3), 60);
        assertEquals(due, got, due / 10, "the small site's");
        assertEquals(1 - due, 1 - got, (1 - due) / 10, "the huge site's");
    }

    @Test
    void smallListingHasItsReservedShareThoughItsSiteWeighsLittle() {
        collective.time.pass(Duration.ofDays(-120));
        database.useTransaction(
                handle -> Contributions.add(handle, Map.of(Collective.SITE, 3_000_000L), collective.time.now()));
        restart();
        list(20_000);
        listOfTheSmallSite(4_000);
        double weighed = Contributions.FLOOR / (1 + 2 * Contributions.FLOOR);
        double got = share(collective.agent(3), 30);
        assertTrue(got > 2 * weighed, () -> "weighs " + weighed + ", got " + got);
        assertEquals(Lane.FRESH.share(), got, 0.05);
    }

    private void restart() {
        collective.restart();
        crawler = collective.crawler(storage);
    }

    private void list(int objects) {
        crawlers.put(storage, crawler);
        fill(objects);
        crawler.list();
    }

    /// From then on [#storage] is the small site's.
    private void listOfTheSmallSite(int objects) {
        anotherStorage();
        collective.storage(storage, EPOCH, SMALL_SITE);
        crawler = collective.crawler(storage, SMALL_SITE);
        list(objects);
    }

    private FakeCrawler rejoined(long id, FakeCrawler before) {
        FakeCrawler again = collective.crawler(id, id == storage ? SMALL_SITE : Collective.SITE);
        again.items.putAll(before.items);
        return again;
    }

    /// A lease that was worked off.
    private record Worked(long storage, int objects) {}

    private Worked work(FakeAgent agent) {
        Grant grant = agent.lease();
        long id = collective
                .coordinator
                .leases()
                .find(org.picket.coordinator.shard.Fence.of(grant.getFence()).orElseThrow())
                .orElseThrow()
                .terms()
                .storage()
                .value();
        List<FakeCrawler.Segment> segments = crawlers.get(id).supply(grant);
        segments.forEach(segment ->
                assertTrue(agent.report(agent.verdict(grant, segment)).hasAccepted()));
        return new Worked(id, grant.getObjects());
    }

    /// The part of so many leases' objects that the small site gets.
    private double share(FakeAgent agent, int leases) {
        double small = 0;
        double all = 0;
        for (int i = 0; i < leases; i++) {
            Worked worked = work(agent);
            all += worked.objects();
            small += worked.storage() == storage ? worked.objects() : 0;
        }
        return small / all;
    }
}
