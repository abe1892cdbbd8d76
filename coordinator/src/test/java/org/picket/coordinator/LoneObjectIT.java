package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.listing.ListingCounts;
import org.picket.coordinator.listing.ListingState;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.ContentHashes;
import org.picket.coordinator.shard.ShardRules;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.Inconclusive;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.proto.v1.ListHit;
import org.picket.proto.v1.Listed;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.SuppliedObject;

/// An object that stands alone, and on which agents fail though they have nothing of it to judge.
class LoneObjectIT extends ScannedStorage {
    private static final Item OBJECT = Item.flagged("alone");

    @Test
    void oneThatIsKnownAsFlaggedIsFlagged() {
        crawler.put(Item.flagged("before"));
        crawler.list();
        collective.agent(1).work(crawler);
        crawler.items.clear();
        crawler.put(OBJECT.holding(Item.flagged("before").content()));
        ListingCounts counts = failOn(crawler::supply);
        assertEquals(1, counts.flagged());
        assertEquals(0, counts.inconclusive());
    }

    @Test
    void oneThatItsSiteAllowsIsCleared() {
        collective.storage(storage, EPOCH, Action.OBSERVE, ContentHashes.of(List.of(OBJECT.sha256())));
        crawler.put(OBJECT);
        Listed own = Listed.newBuilder().addHits(ListHit.getDefaultInstance()).build();
        ListingCounts counts = failOn(grant -> tell(grant, object().setListed(own)));
        assertEquals(1, counts.cleared());
        assertEquals(0, counts.inconclusive());
    }

    @Test
    void oneThatIsAllowedNoMoreIsPoison() {
        collective.storage(storage, EPOCH, Action.OBSERVE, ContentHashes.of(List.of(OBJECT.sha256())));
        crawler.put(OBJECT);
        Listed own = Listed.newBuilder().addHits(ListHit.getDefaultInstance()).build();
        AtomicInteger told = new AtomicInteger();
        ListingCounts counts = failOn(grant -> {
            tell(grant, object().setListed(own));
            if (told.incrementAndGet() == ShardRules.ATTEMPTS) {
                collective.storage(storage, EPOCH);
            }
        });
        assertEquals(1, counts.inconclusive());
        assertEquals("POISON", reason());
    }

    @Test
    void oneThatCannotBeReadIsInconclusiveForThat() {
        crawler.put(OBJECT);
        Inconclusive torn = Inconclusive.newBuilder()
                .setReason(InconclusiveReason.TRUNCATED)
                .build();
        ListingCounts counts = failOn(grant -> tell(grant, object().setInconclusive(torn)));
        assertEquals(1, counts.inconclusive());
        assertEquals("TRUNCATED", reason());
    }

    @Test
    void oneIsKeptFromTheOperatorThatFailedOnItWhileAnotherIsThere() {
        crawler.put(OBJECT);
        FakeAgent sound = collective.agent(2);
        assertFalse(sound.acquire().isPresent());
        assertKeptFor(sound);
    }

    /// Agents ask several coordinators by turns: who has a lease of another one is not heard of here meanwhile.
    @Test
    void operatorThatWasHeardOfAWhileAgoIsThere() {
        crawler.put(OBJECT);
        FakeAgent sound = collective.agent(2);
        assertFalse(sound.acquire().isPresent());
        collective.time.pass(Collective.TTL.multipliedBy(4));
        assertKeptFor(sound);
    }

    /// The operator that fails on it gets it no more, and the other one does.
    private void assertKeptFor(FakeAgent sound) {
        long listing = crawler.list();
        FakeAgent failing = collective.agent(1);
        failOnce(failing);
        NoLease none = failing.ask().getNone();
        assertEquals(NoLease.Reason.KEPT_FOR_FASTER, none.getReason(), none.getDetail());
        sound.work(crawler);
        assertEquals(1, listing(listing).counts().flagged());
    }

    @Test
    void operatorThatIsGoneIsNotWaitedFor() {
        crawler.put(OBJECT);
        assertFalse(collective.agent(2).acquire().isPresent());
        long listing = crawler.list();
        collective.time.pass(Collective.TTL.multipliedBy(5).plusSeconds(1));
        FakeAgent failing = collective.agent(1);
        for (int i = 0; i < ShardRules.MOST_ATTEMPTS; i++) {
            failOnce(failing);
        }
        assertEquals(1, listing(listing).counts().inconclusive());
    }

    @Test
    void oneIsNotGivenUpForOneOperatorsFailuresWhileAnotherIsThere() {
        crawler.put(OBJECT);
        long listing = crawler.list();
        FakeAgent failing = collective.agent(1);
        FakeAgent sound = collective.agent(2);
        for (int i = 0; i < ShardRules.MOST_ATTEMPTS + 3; i++) {
            Grant grant = inTheEnd(failing);
            crawler.supply(grant);
            assertFalse(sound.acquire().isPresent());
            failing.giveBack(grant, GiveBackRequest.Reason.INFERENCE_FAILED);
        }
        assertEquals(0, listing(listing).counts().inconclusive());
        sound.work(crawler);
        assertEquals(1, listing(listing).counts().flagged());
    }

    /// A lease that is kept from an agent for a while.
    private Grant inTheEnd(FakeAgent agent) {
        for (int i = 0; i < 100; i++) {
            Optional<Grant> grant = agent.acquire();
            if (grant.isPresent()) {
                return grant.get();
            }
            collective.time.pass(Collective.TTL.dividedBy(2));
        }
        throw new AssertionError("it is kept for ever");
    }

    @Test
    void otherShardsGoToWhoIsPassedOverForOne() {
        crawler.put(OBJECT);
        FakeAgent sound = collective.agent(2);
        assertFalse(sound.acquire().isPresent());
        crawler.list();
        FakeAgent failing = collective.agent(1);
        failOnce(failing);
        assertFalse(failing.acquire().isPresent());
        FakeCrawler before = crawler;
        anotherStorage();
        fill(1);
        long listing = crawler.list();
        failing.work(crawler);
        assertEquals(1, listing(listing).counts().cleared());
        sound.work(before);
    }

    private void failOnce(FakeAgent failing) {
        Grant grant = failing.lease();
        crawler.supply(grant);
        failing.giveBack(grant, GiveBackRequest.Reason.INFERENCE_FAILED);
    }

    private static SuppliedObject.Builder object() {
        return SuppliedObject.newBuilder()
                .setKey(OBJECT.key())
                .setVersion(OBJECT.version())
                .setBytes(OBJECT.content().length())
                .setSha256(OBJECT.sha256().bytes());
    }

    private void tell(Grant grant, SuppliedObject.Builder object) {
        crawler.resolve(grant);
        crawler.report(grant, 0, List.of(object.build()), true);
    }

    /// Has agents fail on the one object until it is ruled without them.
    private ListingCounts failOn(Consumer<Grant> supply) {
        long listing = crawler.list();
        FakeAgent failing = collective.agent(1);
        for (int i = 0; i < ShardRules.ATTEMPTS; i++) {
            Grant grant = failing.lease();
            supply.accept(grant);
            failing.giveBack(grant, GiveBackRequest.Reason.INFERENCE_FAILED);
        }
        collective.agent(1).work(crawler);
        assertEquals(ListingState.COMPLETE, listing(listing).state());
        return listing(listing).counts();
    }

    private String reason() {
        return database.transaction(
                handle -> handle.createQuery("select reason from inconclusive_object where storage_id = ?")
                        .bind(0, storage)
                        .mapTo(String.class)
                        .one());
    }
}
