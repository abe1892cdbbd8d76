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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.fleet.MemberStanding;
import org.picket.coordinator.listing.ListingState;
import org.picket.coordinator.shard.ShardStore;
import org.picket.proto.id.LeaseId;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.MemberId;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.ReportRequest;

/// Two coordinators on one database.
class NeighboursIT extends ScannedStorage {
    private static final Duration BEAT = Collective.TTL.dividedBy(6);

    /// Far more than there are shards.
    private static final int MOST_ROUNDS = 1_000;

    private Collective other;

    @BeforeEach
    void startTheOther() {
        other = new Collective(collective, "the other");
    }

    @AfterEach
    void endTheOther() {
        other.close();
    }

    /// Lets a while pass in which both show that they live.
    private void pass(Duration span) {
        for (Duration passed = Duration.ZERO; passed.compareTo(span) < 0; passed = passed.plus(BEAT)) {
            collective.time.pass(BEAT);
            collective.coordinator.follow();
            other.coordinator.follow();
        }
    }

    /// Lets a while pass in which nothing is heard of the first one.
    private void passWithoutTheFirst(Duration span) {
        for (Duration passed = Duration.ZERO; passed.compareTo(span) < 0; passed = passed.plus(BEAT)) {
            collective.time.pass(BEAT);
            other.coordinator.follow();
        }
    }

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

    @Test
    void shardsOfOneThatDiesAreLeasedByTheOtherOnceItsLeasesAreOver() {
        pass(BEAT);
        fill(600);
        long listing = crawler.list();
        FakeAgent here = collective.agent(1);
        Grant lost = here.acquire().orElseThrow();
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
        Grant grant = here.acquire().orElseThrow();
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
        Grant grant = there.acquire().orElseThrow();
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
        Grant doubtful = here.acquire().orElseThrow();
        Grant kept = here.acquire().orElseThrow();
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
        Grant grant = collective.agent(1).acquire().orElseThrow();
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
}
