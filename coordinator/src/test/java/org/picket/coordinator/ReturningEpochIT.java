package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.listing.ListingState;
import org.picket.proto.v1.InconclusiveReason;

/// What a listing looks at again where another one found otherwise since the listing that it knows ranges from:
/// under another policy, or of objects that were others for a while.
class ReturningEpochIT extends ScannedStorage {
    private static final String OTHER = "epoch two";
    private static final Duration RECENT = Duration.ofDays(1);

    private FakeAgent agent;

    @Test
    void whatAnotherPolicyClearedOfAPartIsFlaggedAgain() {
        begin();
        crawler.put(Item.flagged("k0007"));
        scan(EPOCH);
        crawler.put(scored("k0007", 0.1));
        scanRecent(OTHER, "k0007");
        assertEquals(List.of("k0007 SUPERSEDED"), findings());

        crawler.put(scored("k0007", 0.9));
        assertRuledOnceMore();
        assertEquals(List.of("k0007 SUPERSEDED", "k0007 OBSERVED"), findings());
    }

    @Test
    void whatAnotherPolicyClearedBeforeItWasGivenUpIsFlaggedAgain() {
        begin();
        crawler.put(Item.flagged("k0007"));
        scan(EPOCH);
        crawler.put(scored("k0007", 0.1));
        collective.storage(storage, OTHER);
        crawler.push(crawler.begin().getListingId(), crawler.ranges(""));
        agent.work(crawler);
        assertEquals(List.of("k0007 SUPERSEDED"), findings());

        crawler.put(scored("k0007", 0.9));
        assertRuledOnceMore();
        assertEquals(List.of("k0007 SUPERSEDED", "k0007 OBSERVED"), findings());
    }

    @Test
    void whatAnotherPolicyFlaggedIsClearedAgain() {
        begin();
        scan(EPOCH);
        crawler.put(scored("k0007", 0.9));
        scanRecent(OTHER, "k0007");
        assertEquals(List.of("k0007 OBSERVED"), findings());

        crawler.put(scored("k0007", 0.1));
        assertRuledOnceMore();
        assertEquals(List.of("k0007 SUPERSEDED"), findings());
    }

    @Test
    void whatAnotherPolicyRuledOnIsInconclusiveAgain() {
        begin();
        crawler.put(Item.clean("k0007").failing(InconclusiveReason.CORRUPT));
        scan(EPOCH);
        crawler.put(Item.clean("k0007"));
        scanRecent(OTHER, "k0007");
        assertEquals(List.of(), inconclusive());

        crawler.put(Item.clean("k0007").failing(InconclusiveReason.CORRUPT));
        assertRuledOnceMore();
        assertEquals(List.of("k0007 CORRUPT"), inconclusive());
    }

    @Test
    void whatAnotherPolicyCouldNotRuleOnIsRuledAgain() {
        begin();
        scan(EPOCH);
        crawler.put(Item.clean("k0007").failing(InconclusiveReason.CORRUPT));
        scanRecent(OTHER, "k0007");
        assertEquals(List.of("k0007 CORRUPT"), inconclusive());

        crawler.put(Item.clean("k0007"));
        assertRuledOnceMore();
        assertEquals(List.of(), inconclusive());
    }

    @Test
    void objectThatIsItsOldSelfAgainIsFlaggedAgain() {
        begin();
        crawler.put(Item.flagged("k0007"));
        crawler.put(Item.clean("k0300").failing(InconclusiveReason.CORRUPT));
        scan(EPOCH);
        crawler.put(Item.clean("k0007").holding("other"));
        crawler.put(Item.clean("k0300").holding("other"));
        scanRecent(EPOCH, "k0007", "k0300");
        assertEquals(List.of("k0007 SUPERSEDED"), findings());
        assertEquals(List.of(), inconclusive());

        crawler.put(Item.flagged("k0007"));
        crawler.put(Item.clean("k0300").failing(InconclusiveReason.CORRUPT));
        assertRuledOnceMore();
        assertEquals(List.of("k0007 SUPERSEDED", "k0007 OBSERVED"), findings());
        assertEquals(List.of("k0300 CORRUPT"), inconclusive());
    }

    @Test
    void whatAListingFoundOtherwiseItselfIsKnownToTheNext() {
        begin();
        crawler.put(Item.flagged("k0007"));
        crawler.put(Item.clean("k0300").failing(InconclusiveReason.CORRUPT));
        scan(EPOCH);
        crawler.put(scored("k0007", 0.1));
        crawler.put(Item.clean("k0300"));
        scan(OTHER);
        assertEquals(List.of("k0007 SUPERSEDED"), findings());
        assertEquals(List.of(), inconclusive());
        crawler.fetched = 0;
        scan(OTHER);
        assertEquals(0, crawler.fetched);
        assertEquals(0, rows("select count(*) from forgotten_inconclusive where storage_id = " + storage));
    }

    private void begin() {
        fill(400);
        agent = collective.agent(1);
    }

    /// Back under the first policy: what was found otherwise is looked at, little else, and only once.
    private void assertRuledOnceMore() {
        crawler.fetched = 0;
        scan(EPOCH);
        assertTrue(crawler.fetched > 0, "its range is known");
        assertTrue(crawler.fetched < 300, "ranges beside it are read again: " + crawler.fetched + " objects");
        crawler.fetched = 0;
        scan(EPOCH);
        assertEquals(0, crawler.fetched, "it is looked at again for ever");
    }

    private long scan(String epoch) {
        collective.time.pass(Duration.ofSeconds(1));
        collective.storage(storage, epoch);
        long listing = crawler.list();
        return worked(listing);
    }

    /// As `--since`, where these alone were modified lately.
    private void scanRecent(String epoch, String... keys) {
        collective.time.pass(Duration.ofSeconds(1));
        collective.storage(storage, epoch);
        Map<String, Item> all = Map.copyOf(crawler.items);
        crawler.items.keySet().retainAll(List.of(keys));
        worked(crawler.list(RECENT));
        crawler.items.putAll(all);
    }

    private long worked(long listing) {
        collective.time.pass(Duration.ofSeconds(1));
        agent.work(crawler);
        assertEquals(ListingState.COMPLETE, listing(listing).state());
        return listing;
    }

    /// The same object, of which an agent thinks otherwise: so it looks to a policy with another threshold.
    private static Item scored(String key, double score) {
        Item item = Item.clean(key);
        return new Item(key, item.content(), score, item.trouble());
    }

    private List<String> findings() {
        return texts("select key || ' ' || state from finding where storage_id = ? order by finding_id");
    }

    private List<String> inconclusive() {
        return texts("select key || ' ' || reason from inconclusive_object where storage_id = ? order by key");
    }

    private List<String> texts(String query) {
        return database.transaction(handle ->
                handle.createQuery(query).bind(0, storage).mapTo(String.class).list());
    }

    private long rows(String count) {
        return database.transaction(
                handle -> handle.createQuery(count).mapTo(Long.class).one());
    }
}
