package org.picket.coordinator.feed;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.ListingCounts;
import org.picket.coordinator.listing.ListingState;
import org.picket.coordinator.listing.TestTerms;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.StorageId;

class FeedTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void claimThatFoundTheEndIsNotRepeatedAtOnce() {
        Feed feed = new Feed(listing(1), TestTerms.terms());
        feed.mark();
        feed.beginClaim(Set.of(TestTerms.ANY.bytes()), 64, NOW);
        feed.endClaim(List.of(), true, NOW.plusSeconds(60));
        assertFalse(feed.claimable(Set.of(TestTerms.ANY.bytes()), 0, NOW));
        feed.grow(listing(2));
        assertTrue(feed.claimable(Set.of(TestTerms.ANY.bytes()), 0, NOW));
    }

    @Test
    void shardsThatComeDuringAClaimAreClaimedNext() {
        Feed feed = new Feed(listing(1), TestTerms.terms());
        feed.mark();
        feed.beginClaim(Set.of(TestTerms.ANY.bytes()), 64, NOW);
        feed.grow(listing(2));
        feed.endClaim(List.of(), true, NOW.plusSeconds(60));
        assertTrue(feed.claimable(Set.of(TestTerms.ANY.bytes()), 0, NOW));
    }

    private static Listing listing(int shards) {
        return new Listing(
                new ListingId(1),
                new StorageId(1),
                TestTerms.ANY,
                new Listing.Scope(Optional.empty(), NOW),
                ListingState.LISTING,
                new Listing.Intake("", shards, shards, 0, 0, 0),
                ListingCounts.NONE);
    }
}
