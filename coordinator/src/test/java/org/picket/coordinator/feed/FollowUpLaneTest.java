package org.picket.coordinator.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.ruling.FurtherBundle;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.coordinator.shard.Fence;
import org.picket.coordinator.shard.FollowUp;
import org.picket.coordinator.shard.RuledPast;
import org.picket.coordinator.shard.ShardKey;
import org.picket.coordinator.shard.Trial;
import org.picket.coordinator.shard.WaitingObject;
import org.picket.proto.bundle.Scoring;
import org.picket.proto.id.LeaseId;
import org.picket.proto.id.ListingId;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.Preprocessing;

class FollowUpLaneTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(60);
    private static final Digest TAGGER = Digest.of(ByteString.copyFromUtf8("tagger"));
    private static final FollowUp FOLLOW_UP = new FollowUp(1, 0, 0, List.of(object("b"), object("d"), object("f")));

    private final FollowUpLane lane = FollowUpLane.all(List.of(new FurtherBundle(
                    "tagger", List.of("odd"), new Scoring(TAGGER, Preprocessing.getDefaultInstance()))))
            .getFirst();

    private static WaitingObject object(String key) {
        return new WaitingObject(key, "v", TAGGER, 1, new short[] {1});
    }

    private static ClaimedShard shard(int place) {
        return new ClaimedShard(
                new ShardKey(new ListingId(1), FollowUp.FIRST + place),
                "b",
                "f",
                3,
                new Fence(new LeaseId(new UUID(1, place)), 1, 1),
                Trial.NONE,
                RuledPast.NONE,
                Optional.of(FOLLOW_UP));
    }

    @Test
    void noClaimIsMadeAgainBeforeSomeWereAdded() {
        assertTrue(lane.claimable(0, NOW));
        lane.beginClaim(NOW);
        lane.endClaim(List.of(shard(0), shard(1)), true, LATER);
        assertEquals(FollowUp.FIRST + 1, lane.after());
        assertFalse(lane.claimable(8, NOW));
        lane.expect();
        assertFalse(lane.claimable(1, NOW));
        assertTrue(lane.claimable(2, NOW));
    }

    @Test
    void whatIsAddedDuringAClaimIsClaimedNext() {
        lane.beginClaim(NOW);
        lane.expect();
        lane.endClaim(List.of(), true, LATER);
        assertTrue(lane.claimable(0, NOW));
    }

    @Test
    void afterAWhileAllAreLookedAtAgain() {
        lane.beginClaim(NOW);
        lane.endClaim(List.of(shard(0)), true, LATER);
        assertFalse(lane.claimable(1, LATER.minusMillis(1)));
        assertTrue(lane.claimable(1, LATER));
        lane.beginClaim(LATER);
        assertEquals(FollowUp.FIRST - 1, lane.after());
        lane.endClaim(List.of(), true, LATER.plusSeconds(60));
        assertFalse(lane.claimable(1, LATER));
    }

    @Test
    void bundleThatNoAgentHasIsNamed() {
        assertEquals(Optional.empty(), lane.stuck());
        lane.expect();
        assertTrue(lane.stuck().orElseThrow().contains("\"tagger\""));
        assertFalse(lane.serves(Set.of()));
        assertTrue(lane.stuck().isPresent());
        assertTrue(lane.serves(Set.of(TAGGER.bytes())));
        assertEquals(Optional.empty(), lane.stuck());
    }
}
