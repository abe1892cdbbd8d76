package org.picket.coordinator.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.picket.proto.key.KeyOrder;

class ShardPlanTest {
    @Test
    void firstShardsAreSmall() {
        List<Integer> sizes = sizes(ShardPlan.cut(ranges(64, 64, 64, 64, 64, 64, 64, 64, 64, 64), r -> false, 1, 512));
        assertEquals(List.of(64, 128, 256, 192), sizes);
    }

    @Test
    void slowAgentsGetSmallShards() {
        assertEquals(64, ShardPlan.target(0.5));
        assertEquals(240, ShardPlan.target(4));
        assertEquals(512, ShardPlan.target(1_000));
        assertEquals(512, ShardPlan.target(0));
        assertEquals(512, ShardPlan.target(Double.NaN));
    }

    @Test
    void rangesAreNeverSplitAndNoneIsLost() {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            int[] sizes = random.ints(1 + random.nextInt(60), 1, 129).toArray();
            List<KeyRange> ranges = ranges(sizes);
            boolean[] known = new boolean[sizes.length];
            for (int i = 0; i < known.length; i++) {
                known[i] = random.nextInt(3) == 0;
            }
            List<ShardPlan.Planned> shards = ShardPlan.cut(
                    ranges, range -> known[ranges.indexOf(range)], 1 + random.nextInt(9), 64 + random.nextInt(449));
            assertEquals(
                    Arrays.stream(sizes).sum(),
                    shards.stream().mapToInt(shard -> shard.span().objects()).sum());
            assertEquals(
                    sizes.length * KeyRange.DIGEST_BYTES,
                    shards.stream()
                            .mapToInt(shard -> shard.span().digests().size())
                            .sum());
            assertTrue(shards.stream()
                    .filter(shard -> !shard.known())
                    .allMatch(shard -> shard.span().objects() <= 512));
            for (int i = 1; i < shards.size(); i++) {
                assertTrue(KeyOrder.compare(
                                shards.get(i - 1).span().lastKey(),
                                shards.get(i).span().firstKey())
                        < 0);
            }
        }
    }

    @Test
    void keysAreOrderedAsTheirUtf8Bytes() {
        List<String> keys = List.of("", "a", "a/b", "ab", "b", "é", "\ue000", "\uffff", "\ud83d\ude00", "\ud83d\ude01");
        for (String a : keys) {
            for (String b : keys) {
                assertEquals(
                        Integer.signum(Arrays.compareUnsigned(
                                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8))),
                        Integer.signum(KeyOrder.compare(a, b)),
                        a + " and " + b);
            }
        }
    }

    @Test
    void shardNumbersGoOverTheWireAndBack() {
        ShardKey key = new ShardKey(new org.picket.proto.id.ListingId(12), 345);
        assertEquals(key, ShardKey.of(key.id()));
        assertThrows(IllegalArgumentException.class, () -> new ShardKey(new org.picket.proto.id.ListingId(1), 0));
    }

    @Test
    void rulingsArePackedAndReadBack() {
        Random random = new Random(6);
        RulingBits.Mark[] marks = new RulingBits.Mark[137];
        Arrays.setAll(marks, i -> RulingBits.Mark.values()[random.nextInt(4)]);
        RulingBits bits = RulingBits.EMPTY.plus(Arrays.copyOf(marks, 30)).plus(Arrays.copyOfRange(marks, 30, 137));
        RulingBits read = RulingBits.of(bits.toByteArray(), 137);
        for (int i = 0; i < marks.length; i++) {
            assertEquals(marks[i], read.at(i));
        }
        assertEquals(35, bits.toByteArray().length);
    }

    private static List<Integer> sizes(List<ShardPlan.Planned> shards) {
        return shards.stream().map(shard -> shard.span().objects()).toList();
    }

    private static List<KeyRange> ranges(int... sizes) {
        List<KeyRange> ranges = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            ranges.add(new KeyRange(
                    "k%04d-a".formatted(i), "k%04d-z".formatted(i), sizes[i], 1, ByteString.copyFrom(new byte[16])));
        }
        return ranges;
    }
}
