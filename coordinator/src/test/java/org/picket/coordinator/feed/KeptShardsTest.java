package org.picket.coordinator.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.coordinator.shard.Fence;
import org.picket.coordinator.shard.RuledPast;
import org.picket.coordinator.shard.ShardKey;
import org.picket.coordinator.shard.Trial;
import org.picket.proto.id.LeaseId;
import org.picket.proto.id.ListingId;

class KeptShardsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant OVER = NOW.plusSeconds(30);
    private static final Function<ClaimedShard, Duration> LONG = _ -> Duration.ofSeconds(30);
    private static final Function<ClaimedShard, Duration> NOT = _ -> Duration.ZERO;

    private final KeptShards kept = new KeptShards();
    private final List<ClaimedShard> atHand = new ArrayList<>(shards(1, 4));

    private static List<ClaimedShard> shards(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(number -> new ClaimedShard(
                        new ShardKey(new ListingId(1), number),
                        "b",
                        "f",
                        3,
                        new Fence(new LeaseId(new UUID(1, number)), 1, 1),
                        Trial.NONE,
                        RuledPast.NONE))
                .toList();
    }

    private boolean keeps(Function<ClaimedShard, Duration> keep, Instant now) {
        return kept.keeps(atHand.getFirst(), atHand, keep, now);
    }

    @Test
    void timeOfAllThatAreAtHandBeginsAtOnce() {
        assertTrue(keeps(LONG, NOW));
        assertTrue(keeps(LONG, OVER.minusMillis(1)));
        while (!atHand.isEmpty()) {
            assertFalse(keeps(LONG, OVER), () -> atHand.size() + " are kept on");
            atHand.removeFirst();
        }
    }

    @Test
    void nothingIsKeptAnyMoreOnceTheTimeIsOver() {
        assertFalse(kept.any(atHand, NOW));
        assertTrue(keeps(LONG, NOW));
        assertTrue(kept.any(atHand, NOW));
        assertFalse(kept.any(List.of(), NOW), "others have them");
        assertFalse(kept.any(atHand, OVER), "the time is over, though nobody has come");
    }

    @Test
    void whatIsNotKeptFromOneIsKeptFromAnotherInFull() {
        assertFalse(keeps(NOT, NOW));
        ClaimedShard small = atHand.get(1);
        assertTrue(keeps(shard -> shard.equals(small) ? Duration.ZERO : Duration.ofSeconds(5), NOW));
        assertTrue(kept.keeps(small, atHand, LONG, NOW.plusSeconds(20)));
        assertTrue(kept.keeps(small, atHand, LONG, NOW.plusSeconds(49)));
        assertFalse(kept.keeps(small, atHand, LONG, NOW.plusSeconds(50)));
    }

    @Test
    void whatComesBackIsNotKeptAnew() {
        assertTrue(keeps(LONG, NOW));
        ClaimedShard taken = atHand.removeFirst();
        assertTrue(keeps(LONG, NOW.plusSeconds(10)));
        atHand.addFirst(taken);
        assertFalse(keeps(LONG, OVER));
    }

    @Test
    void thoseThatAreOverAreForgottenBeyondABound() {
        atHand.clear();
        atHand.addAll(shards(1, KeptShards.MANY + 1));
        assertTrue(keeps(LONG, NOW));
        List<ClaimedShard> others = shards(KeptShards.MANY + 2, 1);
        assertTrue(kept.keeps(others.getFirst(), others, LONG, OVER));
        assertEquals(1, kept.size());
    }
}
