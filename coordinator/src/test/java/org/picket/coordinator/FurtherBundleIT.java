package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.feed.Stuck;
import org.picket.coordinator.feed.StuckReason;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.ListingState;
import org.picket.coordinator.ruling.ScoreBlock;
import org.picket.coordinator.shard.ShardStore;
import org.picket.proto.id.ListingId;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.RulingRecord;
import org.picket.proto.v1.SuppliedObject;

/// The life of objects that a further bundle has to score.
class FurtherBundleIT extends ScannedStorage {
    private static final int ALL = 600;

    @Override
    void register() {
        collective.taggedStorage(storage, "one");
    }

    /// Every tenth object is asked about, and of these every third is tagged: 60 and 20.
    private void fill() {
        for (int i = 0; i < ALL; i++) {
            String key = key(i);
            Item item = i % 10 == 0 ? Item.flagged(key) : Item.clean(key);
            crawler.put(i % 30 == 0 ? item.holding("tagged content of " + key) : item);
        }
    }

    private static String key(int i) {
        return "k%04d".formatted(i);
    }

    private void counts(long listing, long known, long cleared, long flagged, long inconclusive, long gone) {
        Listing now = listing(listing);
        assertEquals(
                List.of(known, cleared, flagged, inconclusive, gone),
                List.of(
                        now.counts().known(),
                        now.counts().cleared(),
                        now.counts().flagged(),
                        now.counts().inconclusive(),
                        now.counts().gone()));
    }

    @Test
    void onlyWhatThePolicyAsksAboutIsScoredByTheFurtherBundleAndRulingsFollowBoth() {
        fill();
        long listing = crawler.list();
        collective.agent(1).work(crawler);
        counts(listing, 0, 540, 0, 0, 0);
        assertEquals(60, listing(listing).counts().open());
        assertEquals(ListingState.LISTED, listing(listing).state());
        ShardInvariants.check(database);

        crawler.fetched = 0;
        int leases = tag(listing);

        assertTrue(leases > 1);
        assertEquals(60, crawler.fetched);
        counts(listing, 0, 580, 20, 0, 0);
        assertEquals(ListingState.COMPLETE, listing(listing).state());
        Set<String> flagged =
                database.transaction(handle -> handle.createQuery("select key from finding where listing_id = :listing")
                        .bind("listing", listing)
                        .mapTo(String.class)
                        .collect(Collectors.toSet()));
        assertEquals(IntStream.range(0, 20).mapToObj(i -> key(30 * i)).collect(Collectors.toSet()), flagged);
        List<RulingRecord> rulings = collective.ledger.stream()
                .filter(body -> body.hasRuling())
                .map(body -> body.getRuling())
                .toList();
        assertEquals(60, rulings.stream().mapToInt(RulingRecord::getWaiting).sum());
        assertEquals(0, rows("select count(*) from follow_up where listing_id = " + listing));
    }

    @Test
    void secondListingOfTheSameStorageReadsNothing() {
        fill();
        long first = crawler.list();
        collective.agent(1).work(crawler);
        tag(first);
        crawler.fetched = 0;
        long second = crawler.list();
        assertEquals(0, collective.agent(1).work(crawler));
        assertEquals(0, collective.tagger(2).work(crawler));
        counts(second, ALL, 0, 0, 0, 0);
        assertEquals(0, crawler.fetched);
    }

    @Test
    void whatWaitsIsNotKnownToTheNextListing() {
        fill();
        long first = crawler.list();
        collective.agent(1).work(crawler);
        collective.taggedStorage(storage, "two");
        crawler.list();
        assertEquals(ListingState.ABANDONED, listing(first).state());
        collective.taggedStorage(storage, "one");
        long third = crawler.list();
        // Every shard of the first listing has an object that waits.
        assertEquals(0, listing(third).counts().known());
        collective.agent(1).work(crawler);
        tag(third);
        Listing now = listing(third);
        assertEquals(20, now.counts().flagged());
        assertEquals(ALL, now.counts().done());
    }

    @Test
    void killBetweenTheStagesLosesNothingAndDoesNothingTwice() {
        fill();
        long listing = crawler.list();
        collective.agent(1).work(crawler);
        Grant held = collective.tagger(2).lease();
        collective.startBeside();
        crawler = rejoined();
        long resumed = crawler.list();
        assertEquals(listing, resumed);

        tag(listing);

        counts(listing, 0, 580, 20, 0, 0);
        assertThrows(StatusRuntimeException.class, () -> crawler.resolve(held));
        assertEquals(20, rows("select count(*) from finding where storage_id = " + storage));
    }

    @Test
    void killInTheMidstOfTheSecondStageGoesOnWhereItWas() {
        fill();
        long listing = crawler.list();
        collective.agent(1).work(crawler);
        FakeAgent tagger = collective.tagger(2);
        Grant grant = tagger.lease();
        List<Item> leased = crawler.leased(crawler.resolve(grant));
        FakeCrawler.Segment half = crawler.segment(grant, 0, leased.subList(0, leased.size() / 2), false);
        assertTrue(tagger.report(tagger.verdict(grant, half)).hasAccepted());
        collective.restart();
        crawler = rejoined();
        crawler.list();

        crawler.fetched = 0;
        tag(listing);

        assertEquals(60 - half.to(), crawler.fetched);
        counts(listing, 0, 580, 20, 0, 0);
    }

    /// Has the further bundle score all that waits. An agent that does not wait may be told that there is nothing
    /// while the next follow-ups are just claimed, so it asks again.
    ///
    /// @return leases worked off
    private int tag(long listing) {
        FakeAgent tagger = collective.tagger(2);
        int leases = 0;
        for (int ask = 0; ask < 100 && listing(listing).state() != ListingState.COMPLETE; ask++) {
            leases += tagger.work(crawler);
        }
        return leases;
    }

    @Test
    void agentsGetNoLeaseForABundleThatTheyLack() {
        fill();
        long listing = crawler.list();
        collective.agent(1).work(crawler);
        List<Stuck> stuck = collective.coordinator.leases().overview().stuck(new ListingId(listing));
        assertEquals(1, stuck.size());
        assertEquals(StuckReason.FURTHER_BUNDLE, stuck.getFirst().reason());
        assertTrue(stuck.getFirst().shards() > 0, stuck::toString);
        assertTrue(stuck.getFirst().words().contains("\"tagger\""), stuck::toString);
        FakeAgent tagger = collective.tagger(2);
        Grant grant = tagger.lease();
        assertEquals(Collective.TAGGER.bundle().bytes(), grant.getBundleDigest());
        assertEquals(Collective.TAGGER.preprocessingDigest().bytes(), grant.getPreprocessingDigest());
        assertEquals(Collective.TAGGER.preprocessing(), crawler.resolve(grant).getPreprocessing());
        assertEquals(
                NoLease.Reason.ALL_LEASED, collective.agent(1).ask().getNone().getReason());
        tagger.giveBack(grant, GiveBackRequest.Reason.STOPPING);
    }

    @Test
    void objectThatBreaksTheFurtherBundleIsInconclusiveAndNeverCleared() {
        for (int i = 0; i < 8; i++) {
            crawler.put(Item.flagged(key(i)));
        }
        long listing = crawler.list();
        collective.agent(1).work(crawler);
        for (int failure = 0; failure < 60 && listing(listing).counts().open() > 0; failure++) {
            FakeAgent tagger = collective.tagger(2 + failure % 3);
            Grant grant = tagger.lease();
            List<FakeCrawler.Segment> segments = crawler.supply(grant);
            boolean broken = segments.stream()
                    .flatMap(segment -> segment.views().stream())
                    .anyMatch(item -> item.key().equals(key(5)));
            if (broken) {
                tagger.giveBack(grant, GiveBackRequest.Reason.INFERENCE_FAILED);
            } else {
                segments.forEach(segment -> tagger.report(tagger.verdict(grant, segment)));
            }
        }
        counts(listing, 0, 7, 0, 1, 0);
        long second = crawler.list();
        assertEquals(0, listing(second).counts().known());
    }

    @Test
    void contentThatChangedBetweenTheStagesIsInconclusiveAndAskedAnew() {
        for (int i = 0; i < 40; i++) {
            crawler.put(Item.clean(key(i)));
        }
        crawler.put(Item.flagged(key(7)));
        crawler.put(Item.flagged(key(9)));
        long listing = crawler.list();
        collective.agent(1).work(crawler);
        crawler.put(Item.flagged(key(7)).holding("another, tagged"));
        crawler.items.remove(key(9));
        tag(listing);
        counts(listing, 0, 38, 0, 1, 1);
        long second = crawler.list();
        collective.agent(1).work(crawler);
        tag(second);
        assertEquals(1, listing(second).counts().flagged());
    }

    @Test
    void crawlerSuppliesNothingButWhatWasPicked() {
        fill();
        crawler.list();
        collective.agent(1).work(crawler);
        Grant grant = collective.tagger(2).lease();
        crawler.resolve(grant);
        SuppliedObject other = SuppliedObject.newBuilder()
                .setKey(key(1))
                .setVersion("v")
                .setGone(true)
                .build();
        StatusRuntimeException refused =
                assertThrows(StatusRuntimeException.class, () -> crawler.report(grant, 0, List.of(other), true));
        assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
    }

    @Test
    void scoresOfBothBundlesAreKeptTogether() {
        fill();
        long listing = crawler.list();
        collective.agent(1).work(crawler);
        tag(listing);
        int[] objects = new int[2];
        database.useTransaction(handle -> ShardStore.eachScores(handle, new ListingId(listing), bytes -> {
            ScoreBlock block = ScoreBlock.decode(bytes);
            assertEquals(block.scored() + 1, block.concepts());
            objects[block.scored()] += block.objects();
        }));
        assertEquals(List.of(540, 60), List.of(objects[0], objects[1]));
    }

    private int rows(String query) {
        return database.transaction(
                handle -> handle.createQuery(query).mapTo(Integer.class).one());
    }
}
