package org.picket.coordinator.lease;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.finding.Enforcement;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.ListingCounts;
import org.picket.coordinator.listing.ListingState;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.ContentHashes;
import org.picket.coordinator.policy.Fuses;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.proto.bundle.Scoring;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.Preprocessing;

class FeedTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Digest ANY = Digest.of(ByteString.copyFromUtf8("any"));

    private static final String POLICY = """
            id: "p"
            version: 1
            rule { id: "r" category: "test.lighthouse" all { concept: "lighthouse" gte: 0.5 } action: QUARANTINE }
            """;

    @Test
    void claimThatFoundTheEndIsNotRepeatedAtOnce() {
        Feed feed = new Feed(listing(1), terms());
        feed.mark();
        feed.beginClaim(Set.of(ANY.bytes()), 64, NOW);
        feed.endClaim(List.of(), true, NOW.plusSeconds(60));
        assertFalse(feed.claimable(Set.of(ANY.bytes()), 0, NOW));
        feed.grow(listing(2));
        assertTrue(feed.claimable(Set.of(ANY.bytes()), 0, NOW));
    }

    @Test
    void shardsThatComeDuringAClaimAreClaimedNext() {
        Feed feed = new Feed(listing(1), terms());
        feed.mark();
        feed.beginClaim(Set.of(ANY.bytes()), 64, NOW);
        feed.grow(listing(2));
        feed.endClaim(List.of(), true, NOW.plusSeconds(60));
        assertTrue(feed.claimable(Set.of(ANY.bytes()), 0, NOW));
    }

    private static Listing listing(int shards) {
        return new Listing(
                new ListingId(1),
                new StorageId(1),
                ANY,
                new Listing.Scope(Optional.empty(), NOW),
                ListingState.LISTING,
                new Listing.Intake("", shards, shards, 0, 0, 0),
                ListingCounts.NONE);
    }

    static StorageTerms terms() {
        Policy policy = Policy.parse(POLICY, Path.of(".")).orThrow();
        return new StorageTerms(
                new StorageId(1),
                new OwnerId(1),
                ANY,
                new Scoring(ANY, Preprocessing.getDefaultInstance()),
                new StorageTerms.Rules(
                        CompiledPolicy.of(policy, List.of("lighthouse")),
                        ContentHashes.NONE,
                        new Enforcement(Action.OBSERVE, Fuses.DEFAULT)),
                StorageTerms.Matching.NONE,
                StorageTerms.Admission.EVERYONE);
    }
}
