package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.listing.ListingState;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.ContentHashes;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.proto.v1.SuppliedObject;

/// What the next listing looks at again, and what it need not.
class NextListingIT extends ScannedStorage {
    @Test
    void everyTroubleThatMayPassIsTriedAgain() {
        List<InconclusiveReason> passing = List.of(
                InconclusiveReason.CHANGED_WHILE_READ,
                InconclusiveReason.UNREADABLE,
                InconclusiveReason.DECODER_CRASHED,
                InconclusiveReason.DECODER_TIMED_OUT,
                InconclusiveReason.DECODER_OUT_OF_MEMORY,
                InconclusiveReason.POISON);
        for (InconclusiveReason reason : passing) {
            anotherStorage();
            fill(40);
            crawler.put(Item.clean("k0010").failing(reason));
            crawler.list();
            collective.agent(1).work(crawler);
            crawler.put(Item.clean("k0010"));

            long second = crawler.list();
            collective.agent(1).work(crawler);

            assertEquals(0, listing(second).counts().inconclusive(), reason.name());
            assertEquals(1, listing(second).counts().cleared(), reason.name());
        }
    }

    @Test
    void troubleThatStaysIsNotFetchedAgain() {
        fill(300);
        List<InconclusiveReason> staying = List.of(
                InconclusiveReason.UNKNOWN_FORMAT,
                InconclusiveReason.EMPTY,
                InconclusiveReason.TRUNCATED,
                InconclusiveReason.CORRUPT,
                InconclusiveReason.TOO_MANY_PIXELS,
                InconclusiveReason.TOO_LARGE,
                InconclusiveReason.TOO_LONG,
                InconclusiveReason.UNSUPPORTED);
        for (int i = 0; i < staying.size(); i++) {
            crawler.put(Item.clean("k%04d".formatted(30 * i)).failing(staying.get(i)));
        }
        crawler.list();
        collective.agent(1).work(crawler);
        crawler.fetched = 0;
        long second = crawler.list();
        collective.agent(1).work(crawler);
        assertEquals(300, listing(second).counts().known());
        assertEquals(0, crawler.fetched);
    }

    @Test
    void objectOutOfSightForAWhileIsRuledByTheNextListing() {
        fill(300);
        crawler.put(Item.flagged("k0007"));
        long first = crawler.list();
        Item hidden = crawler.items.remove("k0007");
        collective.agent(1).work(crawler);
        assertEquals(0, listing(first).counts().flagged());
        crawler.put(hidden);

        long second = crawler.list();
        collective.agent(1).work(crawler);

        assertEquals(1, listing(second).counts().flagged());
        long third = crawler.list();
        assertEquals(300, listing(third).counts().known());
    }

    /// As a receipt does.
    private void answered(String state, boolean live) {
        database.useTransaction(
                handle -> handle.createUpdate("update finding set state = :state, live = :live, state_since = :now"
                                + " where storage_id = :storage")
                        .bind("state", state)
                        .bind("live", live)
                        .bind("now", collective.time.now())
                        .bind("storage", storage)
                        .execute());
        collective.time.pass(Duration.ofSeconds(1));
    }

    @Test
    void objectThatWasNotRemovedOrCameBackAsItWasIsRuledByTheNextListing() {
        Map<String, Boolean> answers =
                Map.of("REFUSED", true, "FAILED", true, "QUARANTINED", false, "PURGED", false, "GONE", false);
        answers.forEach((state, live) -> {
            anotherStorage();
            fill(300);
            crawler.put(Item.flagged("k0007"));
            crawler.list();
            collective.agent(1).work(crawler);
            answered(state, live);

            long second = crawler.list();
            collective.agent(1).work(crawler);

            assertEquals(1, listing(second).counts().flagged(), state);
            assertTrue(listing(second).counts().known() > 100, "ranges beside it are read again");
            long third = crawler.list();
            assertEquals(300, listing(third).counts().known(), "it is looked at again for ever");
        });
    }

    @Test
    void rangeWithoutTheObjectThatWasRemovedStaysKnown() {
        fill(300);
        crawler.put(Item.flagged("k0007"));
        crawler.list();
        collective.agent(1).work(crawler);
        answered("QUARANTINED", false);
        crawler.items.remove("k0007");
        crawler.list();
        collective.agent(1).work(crawler);
        assertEquals(299, listing(crawler.list()).counts().known());
    }

    @Test
    void objectReportedGoneIsRuledByTheNextListing() {
        fill(40);
        crawler.put(Item.flagged("k0007"));
        long first = crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        List<SuppliedObject> gone = crawler.items.keySet().stream()
                .map(key ->
                        SuppliedObject.newBuilder().setKey(key).setGone(true).build())
                .toList();
        crawler.report(grant, 0, gone, true);
        agent.report(agent.verdict(grant, 0, gone.size(), List.of()));
        agent.work(crawler);
        assertEquals(40, listing(first).counts().gone());

        long second = crawler.list();
        agent.work(crawler);

        assertEquals(1, listing(second).counts().flagged());
        assertEquals(39, listing(second).counts().cleared());
    }

    @Test
    void changedModeHoldsFromTheNextRulingOn() {
        fill(400);
        crawler.put(Item.flagged("k0000"));
        crawler.put(Item.flagged("k0399"));
        crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        List<FakeCrawler.Segment> segments = crawler.supply(grant, 8);
        assertTrue(agent.report(agent.verdict(grant, segments.getFirst())).hasAccepted());
        assertEquals(List.of(), collective.orders);

        collective.storage(storage, "epoch one", Action.QUARANTINE, ContentHashes.NONE);
        crawler.put(Item.flagged("k0398"));
        for (FakeCrawler.Segment segment : segments.subList(1, segments.size())) {
            assertTrue(agent.report(agent.verdict(grant, segment)).hasAccepted());
        }
        crawler.list();
        agent.work(crawler);

        assertEquals(
                Set.of("k0398", "k0399"),
                collective.orders.stream()
                        .map(order -> order.finding().object().key())
                        .collect(Collectors.toSet()));
    }

    @Test
    void verdictOnAnOldLeaseFollowsThePresentModeAndAllowlist() {
        fill(20);
        crawler.put(Item.flagged("k0003"));
        crawler.put(Item.flagged("k0011"));
        long listing = crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        List<FakeCrawler.Segment> segments = crawler.supply(grant, 10);

        ContentHashes allowed = ContentHashes.of(List.of(Item.flagged("k0003").sha256()));
        collective.storage(storage, "epoch one", Action.QUARANTINE, allowed);
        assertTrue(agent.report(agent.verdict(grant, segments.getFirst())).hasAccepted());
        assertEquals(0, listing(listing).counts().flagged());
        collective.storage(storage, "epoch two", Action.QUARANTINE, allowed);
        assertTrue(agent.report(agent.verdict(grant, segments.getLast())).hasAccepted());

        assertEquals(1, listing(listing).counts().flagged());
        assertEquals(List.of(), collective.orders);
    }

    @Test
    void leaseOfAListingGivenUpHasNoEffect() {
        fill(20);
        crawler.put(Item.flagged("k0003"));
        collective.storage(storage, "epoch one", Action.QUARANTINE, ContentHashes.NONE);
        long first = crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        FakeCrawler.Segment segment = crawler.supply(grant).getFirst();
        // As another coordinator does it: this one has not heard yet that the listing is over.
        database.useTransaction(handle -> handle.execute("update listing set state = 3 where id = ?", first));

        assertTrue(agent.report(agent.verdict(grant, segment)).hasEvidence());

        assertEquals(0, listing(first).counts().done());
        assertEquals(List.of(), collective.orders);
        long second = crawler.list();
        agent.work(crawler);
        assertEquals(1, listing(second).counts().flagged());
        assertEquals(1, collective.orders.size());
    }

    @Test
    void shardsOfADroppedListingHoldUpNoOthers() {
        fill(20);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant lost = agent.lease();
        long first = listing(crawler.begin().getListingId()).id().value();
        database.useTransaction(handle -> {
            handle.execute("update listing set state = 3, dropped = true where id = ?", first);
            handle.execute("drop table shard_" + first);
        });
        long second = crawler.list();
        Grant grant = agent.lease();
        agent.giveBack(lost, GiveBackRequest.Reason.STOPPING);
        agent.giveBack(grant, GiveBackRequest.Reason.STOPPING);

        // Long enough that the shards of every listing are looked for anew.
        collective.time.pass(Collective.TTL.plusSeconds(1));
        agent.work(crawler);
        assertEquals(ListingState.COMPLETE, listing(second).state());
    }

    @Test
    void entriesThatCannotBeListedAreInconclusiveAtEachListing() {
        fill(100);
        crawler.unlistable = List.of("locked", "bad?name");
        long first = crawler.list();
        collective.agent(1).work(crawler);
        assertEquals(102, listing(first).counts().listed());
        assertEquals(2, listing(first).counts().inconclusive());
        assertEquals(ListingState.COMPLETE, listing(first).state());
        assertEquals(List.of("bad?name UNREADABLE", "locked UNREADABLE"), inconclusive());

        crawler.unlistable = List.of("locked");
        long second = crawler.list();
        assertEquals(100, listing(second).counts().known());
        assertEquals(1, listing(second).counts().inconclusive());
        assertEquals(101, listing(second).counts().listed());
        assertEquals(List.of("locked UNREADABLE"), inconclusive());

        crawler.unlistable = List.of();
        crawler.list();
        assertEquals(List.of(), inconclusive());
    }

    @Test
    void contentClearedByAListIsJudgedOnceItIsOnNone() {
        crawler.put(Item.flagged("k0003"));
        ContentHashes allowed = ContentHashes.of(List.of(Item.flagged("k0003").sha256()));
        collective.storage(storage, "epoch one");
        crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        FakeCrawler.Segment segment = crawler.supply(grant).getFirst();
        // Allowed between the probe and the verdict: its scores do not clear it.
        collective.storage(storage, "epoch one", Action.OBSERVE, allowed);
        assertTrue(agent.report(agent.verdict(grant, segment)).hasAccepted());
        collective.storage(storage, "epoch one");
        crawler.put(Item.flagged("k0004").holding("content of k0003"));

        long second = crawler.list();
        agent.work(crawler);

        assertTrue(listing(second).counts().flagged() >= 1);
    }

    private List<String> inconclusive() {
        return database.transaction(handle -> handle.createQuery(
                        "select key || ' ' || reason from inconclusive_object where storage_id = ? order by key")
                .bind(0, storage)
                .mapTo(String.class)
                .list());
    }
}
