package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.fleet.MemberStanding;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.ListingState;
import org.picket.coordinator.shard.ShardRules;
import org.picket.coordinator.shard.ShardStore;
import org.picket.proto.id.LeaseId;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.MemberId;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.LeaseLost;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.ReportRequest;
import org.picket.proto.v1.ReportResponse;

/// Two coordinators on one database, and what each does about the work of the other.
class NeighboursIT extends TwoCoordinators {
    /// Far more than there are shards.
    private static final int MOST_ROUNDS = 1_000;

    /// Works until all is ruled: this agent does not wait for a claim that is under way.
    private void complete(long listing, FakeAgent agent, FakeCrawler serving) {
        for (int round = 0; listing(listing).state() != ListingState.COMPLETE && round < MOST_ROUNDS; round++) {
            agent.work(serving);
            collective.time.pass(Collective.TTL);
        }
        assertEquals(ListingState.COMPLETE, listing(listing).state());
    }

    private FakeCrawler crawlerAtTheOther() {
        FakeCrawler same = other.crawler(storage);
        same.items.putAll(crawler.items);
        return same;
    }

    @Test
    void bothGrantLeasesOfOneListingAndNothingIsRuledTwice() {
        pass(BEAT);
        fill(1_000);
        long listing = crawler.list();
        other.coordinator.follow();
        FakeAgent here = collective.agent(1);
        FakeAgent there = other.agent(2);
        FakeCrawler serving = crawlerAtTheOther();
        for (int round = 0; listing(listing).state() != ListingState.COMPLETE && round < MOST_ROUNDS; round++) {
            one(here, crawler);
            one(there, serving);
        }
        collective.coordinator.follow();
        other.coordinator.follow();
        assertEquals(ListingState.COMPLETE, listing(listing).state());
        assertEquals(1_000, listing(listing).counts().cleared());
        assertEquals(1_000, crawler.fetched + serving.fetched);
        assertTrue(crawler.fetched > 0 && serving.fetched > 0, () -> crawler.fetched + " and " + serving.fetched);
        assertEquals(NoLease.Reason.NOTHING_LISTED, here.ask().getNone().getReason());
        assertEquals(NoLease.Reason.NOTHING_LISTED, there.ask().getNone().getReason());
    }

    private static void one(FakeAgent agent, FakeCrawler crawler) {
        Optional<Grant> grant = agent.acquire();
        grant.ifPresent(lease -> crawler.supply(lease)
                .forEach(segment ->
                        assertTrue(agent.report(agent.verdict(lease, segment)).hasAccepted())));
    }

    /// A new object changes its range, and the whole of it is looked at again.
    @Test
    void whatOneRuledTheOtherDoesNotHaveScannedAgain() {
        pass(BEAT);
        FakeAgent here = collective.agent(1);
        FakeAgent there = other.agent(2);
        fill(10);
        scan(there, crawlerAtTheOther());

        crawler.put(Item.clean("k0010"));
        crawler.put(Item.flagged("k0011"));
        assertEquals(2, scan(here, crawler).counts().work().views());

        crawler.put(Item.clean("k0012"));
        Listing third = scan(there, crawlerAtTheOther());
        assertEquals(1, third.counts().work().views(), "what the first one ruled was scanned again by the other");
        assertEquals(11, third.counts().known());
        assertEquals(1, third.counts().flagged());

        crawler.put(Item.clean("k0013"));
        assertEquals(1, scan(here, crawler).counts().work().views(), "and the other way round");

        // The last that it did before it went.
        crawler.put(Item.clean("k0014"));
        assertEquals(1, scan(there, crawlerAtTheOther()).counts().work().views());
        other.close();
        collective.time.pass(BEAT);
        collective.coordinator.follow();
        crawler.put(Item.clean("k0015"));
        long last = crawler.list();
        complete(last, here, crawler);
        assertEquals(1, listing(last).counts().work().views());
        other.restart();
    }

    private Listing scan(FakeAgent agent, FakeCrawler serving) {
        long listing = serving.list();
        pass(BEAT);
        complete(listing, agent, serving);
        return listing(listing);
    }

    @Test
    void shardsOfOneThatDiesAreLeasedByTheOtherOnceItsLeasesAreOver() {
        pass(BEAT);
        fill(600);
        long listing = crawler.list();
        FakeAgent here = collective.agent(1);
        Grant lost = here.lease();
        ReportRequest late = here.verdict(lost, crawler.supply(lost).getFirst());
        // Longer than anybody must be silent, and shorter than the other has watched.
        pass(Collective.TTL);
        passWithoutTheFirst(Collective.TTL.minus(BEAT));
        FakeAgent there = other.agent(2);
        FakeCrawler serving = crawlerAtTheOther();
        there.work(serving);
        assertTrue(listing(listing).counts().cleared() < 600, "a living coordinator's shards were given away");

        passWithoutTheFirst(BEAT.plus(BEAT));
        complete(listing, there, serving);
        assertEquals(600, listing(listing).counts().cleared());

        // It was not dead, but held: what it leased has no effect, and it goes on in another term.
        assertTrue(here.report(late).hasEvidence());
        collective.coordinator.follow();
        assertEquals(0, collective.coordinator.leases().size());
        crawler.put(Item.clean("k9999"));
        crawler.list();
        assertEquals(1, here.work(crawler));
    }

    @Test
    void nobodyIsDeadSinceTheDatabaseWasAway() {
        pass(BEAT);
        fill(300);
        crawler.list();
        FakeAgent here = collective.agent(1);
        Grant grant = here.lease();
        List<FakeCrawler.Segment> segments = crawler.supply(grant);
        // Nobody reaches it, and the other one is the first that does again.
        collective.time.pass(Collective.TTL.multipliedBy(3));
        other.coordinator.follow();
        other.coordinator.follow();
        collective.coordinator.follow();
        assertTrue(here.report(here.verdict(grant, segments.getFirst())).hasAccepted());
    }

    @Test
    void memberThatOneSilencesIsRefusedByTheOther() {
        FakeAgent there = other.agent(2);
        assertFalse(there.ask().hasGrant());
        fill(300);
        crawler.list();
        other.coordinator.follow();
        Grant grant = there.lease();
        var member = other.coordinator
                .fleet()
                .keyring()
                .member(there.key.verifyingKey().id());

        collective.coordinator.suspend(member.orElseThrow().id());
        other.coordinator.follow();
        assertEquals(0, other.coordinator.leases().size());
        assertEquals(
                Status.Code.UNAUTHENTICATED,
                assertThrows(StatusRuntimeException.class, () -> there.beat(grant, 0))
                        .getStatus()
                        .getCode());

        collective.coordinator.fleet().stand(member.orElseThrow().id(), MemberStanding.ACTIVE);
        other.coordinator.follow();
        assertTrue(there.beat(grant, 0).hasLost());
    }

    @Test
    void silencingIsHeardOfThoughItWasLiftedHereJustBefore() {
        FakeAgent here = collective.agent(2);
        assertFalse(here.ask().hasGrant());
        MemberId member = collective
                .coordinator
                .fleet()
                .keyring()
                .member(here.key.verifyingKey().id())
                .orElseThrow()
                .id();
        collective.coordinator.suspend(member);
        collective.coordinator.follow();
        other.coordinator.follow();
        // Lifted by one and set again by the other, before the first looks.
        collective.coordinator.fleet().stand(member, MemberStanding.ACTIVE);
        other.coordinator.fleet().stand(member, MemberStanding.SUSPENDED);
        collective.coordinator.follow();
        assertThrows(StatusRuntimeException.class, here::ask);
        // And the other way round.
        other.coordinator.fleet().stand(member, MemberStanding.ACTIVE);
        collective.coordinator.follow();
        assertFalse(here.ask().hasGrant());
    }

    @Test
    void oneThatWasTakenForDeadClaimsNothingBeforeItKnows() {
        pass(BEAT);
        FakeAgent here = collective.agent(1);
        pass(Collective.TTL);
        passWithoutTheFirst(Collective.TTL.plus(BEAT));
        fill(600);
        crawler.list();
        assertEquals(Optional.empty(), here.acquire());
        collective.coordinator.follow();
        assertTrue(here.acquire().isPresent(), "it has begun anew");
    }

    /// What a coordinator does with a claim of which the database did not say whether it was written.
    @Test
    void shardsOfTheseLeasesAreOpenAgainAndOthersStay() {
        fill(600);
        long listing = crawler.list();
        FakeAgent here = collective.agent(1);
        Grant doubtful = here.lease();
        Grant kept = here.lease();
        List<LeaseId> leases = List.of(LeaseId.of(doubtful.getFence().getLeaseId()));
        ListingId id = new ListingId(listing);
        assertEquals(1, (int) database.transaction(handle -> ShardStore.reopen(handle, id, leases)));
        assertEquals(0, (int) database.transaction(handle -> ShardStore.reopen(handle, id, leases)));
        assertTrue(here.report(here.verdict(doubtful, crawler.supply(doubtful).getFirst()))
                .hasEvidence());
        assertTrue(
                here.report(here.verdict(kept, crawler.supply(kept).getFirst())).hasAccepted());
    }

    @Test
    void shardsThatOneKeepsReadyForNobodyAreGivenBack() {
        fill(600);
        long listing = crawler.list();
        // As long as it takes itself to be alone it keeps many ready.
        Grant grant = collective.agent(1).lease();
        crawler.supply(grant);
        pass(Collective.TTL.multipliedBy(3));
        collective.coordinator.sweep();
        complete(listing, other.agent(2), crawlerAtTheOther());
        assertEquals(600, listing(listing).counts().cleared());
    }

    @Test
    void coordinatorsKnowWhereTheOthersAre() {
        collective.coordinator.reachedAt("one:7443");
        other.coordinator.reachedAt("two:7443");
        assertEquals(List.of("one:7443", "two:7443"), other.coordinator.addresses());
        other.close();
        assertEquals(List.of("one:7443"), collective.coordinator.addresses());
        other.restart();
    }

    /// The other one has not read yet that the first one silenced its agent.
    @Test
    void verdictOfOneThatWasJustSilencedDoesNotCount() {
        fill(300);
        long listing = crawler.list();
        other.coordinator.follow();
        FakeAgent there = other.agent(2);
        Grant grant = there.lease();
        List<FakeCrawler.Segment> segments = crawlerAtTheOther().supply(grant);
        collective.coordinator.suspend(member(there));
        ReportResponse answer = there.report(there.verdict(grant, segments.getFirst()));
        assertEquals(LeaseLost.Reason.REVOKED, answer.getEvidence().getReason(), answer::toString);
        assertEquals(0, listing(listing).counts().cleared());
        assertEquals(0, other.coordinator.leases().size());
    }

    private MemberId member(FakeAgent agent) {
        return collective
                .coordinator
                .fleet()
                .keyring()
                .member(agent.key.verifyingKey().id())
                .orElseThrow()
                .id();
    }

    /// One operator's agents fail on an object at a coordinator that has seen no other's.
    @Test
    void objectIsPoisonOnceAgentsOfThreeOperatorsFailedOnItWhereverTheyWork() {
        crawler.put(Item.clean("seen by nobody before"));
        long listing = crawler.list();
        List<FakeAgent> there = List.of(other.agent(7), other.agent(8), other.agent(9));
        there.forEach(FakeAgent::ask);
        pass(Duration.ofSeconds(1));
        FakeAgent here = collective.agent(1);
        for (int i = 0; i < ShardRules.ATTEMPTS + 1; i++) {
            Grant grant = here.lease();
            crawler.supply(grant);
            here.giveBack(grant, GiveBackRequest.Reason.INFERENCE_FAILED);
            pass(BEAT);
        }
        assertEquals(0, listing(listing).counts().inconclusive(), "one operator's word was enough");

        FakeCrawler serving = crawlerAtTheOther();
        for (FakeAgent failing : there.subList(0, ShardRules.OWNERS - 1)) {
            assertEquals(0, listing(listing).counts().inconclusive(), "two operators' word was enough");
            // Until the other one has looked for what is open again.
            pass(Collective.TTL.plus(BEAT));
            Grant grant = failing.lease();
            serving.supply(grant);
            failing.giveBack(grant, GiveBackRequest.Reason.INFERENCE_FAILED);
        }
        assertEquals(1, listing(listing).counts().inconclusive());
    }

    /// The one agent that has the further bundle knows the other coordinator alone.
    @Test
    void followUpsThatOneWritesAreLeasedByTheOther() {
        collective.taggedStorage(storage, "tagged");
        for (int i = 0; i < 60; i++) {
            crawler.put(Item.flagged("asked about %02d".formatted(i)).holding("tagged content of " + i));
        }
        long listing = crawler.list();
        other.coordinator.follow();
        FakeAgent tagger = other.tagger(2);
        assertFalse(tagger.ask().hasGrant(), "there is nothing for it yet");
        assertEquals(0, leased(listing), "shards were claimed for an agent that cannot run their leases");
        collective.agent(1).work(crawler);
        other.coordinator.follow();
        assertTrue(tagger.work(crawlerAtTheOther()) > 0, "it is not known that objects wait");
        complete(listing, tagger, crawlerAtTheOther());
        assertEquals(60, listing(listing).counts().flagged());
    }

    private long leased(long listing) {
        return database.jdbi()
                .withHandle(
                        handle -> handle.createQuery("select count(*) from shard where listing_id = ? and state = 1")
                                .bind(0, listing)
                                .mapTo(Long.class)
                                .one());
    }
}
