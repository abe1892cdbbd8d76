package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.ListingState;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.BeginListingResponse;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.ObjectRange;
import org.picket.proto.v1.ReportRequest;

class ListingLifeIT extends ScannedStorage {
    @Test
    void restartInMidLeaseLosesNothing() {
        fill(500);
        long listing = crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        Grant partly = agent.lease();
        List<FakeCrawler.Segment> segments = crawler.supply(partly, 16);
        assertTrue(agent.report(agent.verdict(partly, segments.getFirst())).hasAccepted());
        ReportRequest late = agent.verdict(partly, segments.get(1));

        collective.startBeside();

        crawler = rejoined();
        FakeAgent after = collective.agent(1);
        assertTrue(after.beat(grant, 1).hasLost());
        assertEquals(listing, crawler.list());
        after.work(crawler);
        assertTrue(agentOn(agent).report(late).hasEvidence());
        assertEquals(500, listing(listing).counts().cleared());
        assertEquals(ListingState.COMPLETE, listing(listing).state());
        assertEquals(500, crawler.fetched + 16);
    }

    @Test
    void listingGoesOnAfterTheLastKeyPushed() {
        fill(1_000);
        BeginListingResponse begun = crawler.begin();
        List<ObjectRange> ranges = crawler.ranges("");
        crawler.push(begun.getListingId(), ranges.subList(0, 5));
        crawler.push(begun.getListingId(), ranges.subList(3, 7));

        BeginListingResponse resumed = crawler.begin();
        assertTrue(resumed.getResumed());
        assertFalse(resumed.getFinished());
        assertEquals(begun.getListingId(), resumed.getListingId());
        assertEquals(ranges.get(6).getLastKey(), resumed.getAfterKey());

        crawler.list();
        collective.agent(1).work(crawler);
        assertEquals(1_000, listing(begun.getListingId()).counts().cleared());
    }

    /// As after a coordinator was put back from a backup: it gives numbers of the lost time to others.
    @Test
    void numberThatIsAnotherStoragesByNowIsRefused() {
        fill(500);
        long listing = crawler.begin().getListingId();
        crawler.identity = "folder:/another";
        assertRefused(Status.Code.NOT_FOUND, crawler::begin);
        assertRefused(Status.Code.NOT_FOUND, () -> crawler.push(listing, crawler.ranges("")));
        assertRefused(Status.Code.NOT_FOUND, () -> crawler.finish(listing));
        FakeCrawler stranger = collective.crawler(storage, new OwnerId(77));
        assertRefused(Status.Code.PERMISSION_DENIED, stranger::begin);
        stranger.identity = "folder:/" + storage;
        assertRefused(Status.Code.NOT_FOUND, stranger::begin);
        crawler.identity = "folder:/" + storage;
        crawler.list();
        collective.agent(1).work(crawler);
        assertEquals(500, listing(listing).counts().cleared());
    }

    /// As after a fail-over to a server that lacked the last commits: what lies between would be in no shard.
    @Test
    void rangesThatTheCoordinatorHasLostAreNotPassedOver() {
        fill(1_000);
        long listing = crawler.begin().getListingId();
        List<ObjectRange> ranges = crawler.ranges("");
        crawler.push(listing, ranges.subList(0, 5));
        crawler.acknowledged = ranges.get(6).getLastKey();
        assertRefused(Status.Code.FAILED_PRECONDITION, () -> crawler.push(listing, ranges.subList(7, ranges.size())));
        assertRefused(Status.Code.FAILED_PRECONDITION, () -> crawler.finish(listing));

        crawler.acknowledged = crawler.begin().getAfterKey();
        crawler.list();
        collective.agent(1).work(crawler);
        assertEquals(1_000, listing(listing).counts().cleared());
    }

    private static void assertRefused(Status.Code code, Executable call) {
        StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, call);
        assertEquals(code, refused.getStatus().getCode());
    }

    @Test
    void rangesOutOfOrderAreRefused() {
        fill(500);
        long listing = crawler.begin().getListingId();
        List<ObjectRange> ranges = crawler.ranges("");
        StatusRuntimeException refused =
                assertThrows(StatusRuntimeException.class, () -> crawler.push(listing, ranges.reversed()));
        assertEquals(Status.Code.FAILED_PRECONDITION, refused.getStatus().getCode());
        crawler.push(listing, ranges);
        crawler.finish(listing);
        collective.agent(1).work(crawler);
    }

    @Test
    void oldListingIsGivenUp() {
        fill(100);
        long first = crawler.begin().getListingId();
        collective.time.pass(Duration.ofHours(25));
        long second = crawler.list();
        assertNotEquals(first, second);
        assertEquals(ListingState.ABANDONED, listing(first).state());
        collective.agent(1).work(crawler);
        assertEquals(100, listing(second).counts().cleared());
    }

    @Test
    void listingsBegunAgainAndAgainDoNotFillTheDatabase() {
        fill(100);
        crawler.list();
        collective.agent(1).work(crawler);
        for (int i = 0; i < 20; i++) {
            collective.time.pass(Duration.ofHours(25));
            crawler.begin();
        }
        assertTrue(partitions() <= 10, () -> partitions() + " listings are kept");
        collective.time.pass(Duration.ofHours(25));
        assertEquals(100, listing(crawler.list()).counts().known(), "the whole one is lost");
        assertEquals(1, partitions());
    }

    @Test
    void secondListingOfTheSameFetchesNothing() {
        fill(1_000);
        crawler.put(Item.flagged("k0100"));
        crawler.put(Item.clean("k0200").failing(InconclusiveReason.CORRUPT));
        long first = crawler.list();
        collective.agent(1).work(crawler);
        crawler.fetched = 0;

        long second = crawler.list();

        assertEquals(1_000, listing(second).counts().known());
        assertEquals(ListingState.COMPLETE, listing(second).state());
        assertEquals(0, crawler.fetched);
        long third = crawler.list();
        assertEquals(1_000, listing(third).counts().known());
        assertTrue(first < second && second < third);
        assertEquals(1, partitions());
    }

    @Test
    void newObjectChangesOneRangeOnly() {
        fill(1_000);
        crawler.list();
        collective.agent(1).work(crawler);
        crawler.fetched = 0;
        crawler.put(Item.clean("k0500a"));

        long second = crawler.list();
        collective.agent(1).work(crawler);

        assertTrue(crawler.fetched <= 129, "fetched " + crawler.fetched);
        assertEquals(
                1_001,
                listing(second).counts().known() + listing(second).counts().cleared());
        assertEquals(1, listing(second).counts().cleared());
    }

    @Test
    void otherEpochRulesAllAnew() {
        fill(200);
        crawler.list();
        collective.agent(1).work(crawler);
        collective.storage(storage, "epoch two");
        long second = crawler.list();
        collective.agent(1).work(crawler);
        assertEquals(200, listing(second).counts().cleared());
    }

    @Test
    void openListingOfAnotherEpochIsNotLeased() {
        fill(200);
        crawler.list();
        collective.storage(storage, "epoch two");
        assertEquals(
                NoLease.Reason.ALL_LEASED, collective.agent(1).ask().getNone().getReason());
        long second = crawler.list();
        collective.agent(1).work(crawler);
        assertEquals(200, listing(second).counts().cleared());
    }

    @Test
    void troubleThatMayPassIsTriedAgainByTheNextListing() {
        fill(300);
        crawler.put(Item.clean("k0010").failing(InconclusiveReason.UNREACHABLE));
        long first = crawler.list();
        collective.agent(1).work(crawler);
        assertEquals(1, listing(first).counts().inconclusive());
        crawler.put(Item.clean("k0010"));

        long second = crawler.list();
        collective.agent(1).work(crawler);

        assertEquals(0, listing(second).counts().inconclusive());
        assertEquals(
                300, listing(second).counts().known() + listing(second).counts().cleared());
    }

    @Test
    void copiesAreScannedOnce() {
        for (int i = 0; i < 64; i++) {
            crawler.put(Item.clean("a%02d".formatted(i)));
        }
        crawler.put(Item.flagged("a64"));
        long listing = crawler.list();
        collective.agent(1).work(crawler);
        assertEquals(1, listing(listing).counts().flagged());
        crawler.put(Item.clean("b1").holding("content of a01"));
        crawler.put(new Item("b2", "content of a64", 0.0, Optional.empty()));

        collective.restart();
        crawler = rejoined();
        long second = crawler.list();
        collective.agent(1).work(crawler);

        assertEquals(0, listing(second).counts().cleared());
        assertTrue(listing(second).counts().flagged() >= 1);
        assertEquals(67, listing(second).counts().done());
    }

    @Test
    void objectsThatCameOrWentSinceTheListingAreCounted() {
        fill(200);
        long listing = crawler.list();
        crawler.items.remove("k0003");
        crawler.items.remove("k0004");
        crawler.put(Item.clean("k0100a"));
        collective.agent(1).work(crawler);
        Listing done = listing(listing);
        assertEquals(199, done.counts().cleared());
        assertEquals(ListingState.COMPLETE, done.state());
        assertEquals(done.counts().listed(), done.counts().done());
    }

    @Test
    void emptiedRangeIsRuledByTheCoordinatorAlone() {
        fill(40);
        long listing = crawler.list();
        crawler.items.clear();
        collective.agent(1).work(crawler);
        assertEquals(40, listing(listing).counts().gone());
        assertEquals(ListingState.COMPLETE, listing(listing).state());
    }

    @Test
    void poisonStandsAloneAtLast() {
        fill(200);
        long listing = crawler.list();
        int failures = 0;
        for (int round = 0; listing(listing).state() != ListingState.COMPLETE; round++) {
            assertTrue(round < 100, "the poison was not found");
            FakeAgent agent = collective.agent(1 + round % 3);
            Optional<Grant> grant = agent.acquire();
            if (grant.isEmpty()) {
                collective.time.pass(Duration.ofSeconds(61));
                continue;
            }
            for (FakeCrawler.Segment segment : crawler.supply(grant.get(), 8)) {
                if (segment.views().stream().anyMatch(item -> item.key().equals("k0077"))) {
                    agent.giveBack(grant.get(), GiveBackRequest.Reason.INFERENCE_FAILED);
                    failures++;
                    break;
                }
                assertTrue(agent.report(agent.verdict(grant.get(), segment)).hasAccepted());
            }
        }
        assertEquals(1, listing(listing).counts().inconclusive());
        assertEquals(199, listing(listing).counts().cleared());
        assertTrue(failures <= 12, failures + " failures");
        assertEquals(
                "k0077 POISON",
                database.transaction(handle -> handle.createQuery(
                                "select key || ' ' || reason from inconclusive_object where storage_id = ?")
                        .bind(0, storage)
                        .mapTo(String.class)
                        .one()));
    }

    @Test
    void everyAnswerWithoutALeaseSaysWhy() {
        FakeAgent agent = collective.agent(1);
        assertEquals(NoLease.Reason.NOTHING_LISTED, agent.ask().getNone().getReason());
        fill(30);
        crawler.list();
        FakeAgent other = new FakeAgent(
                collective.enrolled(
                        org.picket.coordinator.fleet.MemberRole.AGENT,
                        new OwnerId(2),
                        SigningKey.generate(new SecureRandom())),
                SigningKey.generate(new SecureRandom()),
                Digest.of(new byte[] {1}).bytes(),
                ByteString.EMPTY);
        assertEquals(NoLease.Reason.BUNDLE_MISSING, other.ask().getNone().getReason());
        assertTrue(agent.acquire().isPresent());
        assertEquals(NoLease.Reason.ALL_LEASED, agent.ask().getNone().getReason());
        collective.coordinator.leases().drain();
        assertEquals(NoLease.Reason.DRAINING, agent.ask().getNone().getReason());
    }

    @Test
    void agentHoldsSoManyLeasesAndNoMore() {
        fill(2_000);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        for (int i = 0; i < 4; i++) {
            assertTrue(agent.acquire().isPresent());
        }
        assertEquals(NoLease.Reason.TOO_MANY_LEASES, agent.ask().getNone().getReason());
    }

    private FakeAgent agentOn(FakeAgent before) {
        return collective.agent(1, before.key);
    }

    private int partitions() {
        return database.transaction(handle ->
                handle.createQuery("""
                        select count(*) from pg_inherits i join listing l on i.inhrelid::regclass::text = 'shard_' || l.id
                         where i.inhparent = 'shard'::regclass and l.storage_id = ?
                        """).bind(0, storage).mapTo(Integer.class).one());
    }
}
