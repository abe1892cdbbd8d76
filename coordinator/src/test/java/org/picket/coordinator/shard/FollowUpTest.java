package org.picket.coordinator.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.shard.RulingBits.Mark;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;

class FollowUpTest {
    private static WaitingObject object(String key) {
        return new WaitingObject(key, "v of " + key, Digest.of(key.getBytes()), 2, new short[] {1, -2, 3, -4});
    }

    @Test
    void thereIsOneForEachBundleInKeyOrderAndMoreWhereOneWouldBeTooLarge() {
        List<WaitingObject> many = IntStream.range(0, Limits.SHARD_OBJECTS + 1)
                .mapToObj("k%04d"::formatted)
                .map(FollowUpTest::object)
                .collect(Collectors.toList());
        Collections.shuffle(many, new java.util.Random(3));
        List<FollowUp> cut = FollowUp.cut(9, 4, Map.of(1, many, 0, List.of(object("b"), object("a"))));
        assertEquals(List.of(0, 1, 1), cut.stream().map(FollowUp::bundle).toList());
        assertEquals(
                List.of(2, Limits.SHARD_OBJECTS, 1),
                cut.stream().map(one -> one.objects().size()).toList());
        assertEquals("a", cut.getFirst().firstKey());
        assertEquals("k%04d".formatted(Limits.SHARD_OBJECTS), cut.getLast().lastKey());
        cut.forEach(one -> assertEquals(List.of(9, 4), List.of(one.parent(), one.scored())));
    }

    @Test
    void objectsComeBackFromTheirBytesAsTheyWere() {
        List<WaitingObject> objects = List.of(object("a"), object("z \u00e4/\ud83d\ude00"));
        List<WaitingObject> read = FollowUpBytes.decode(FollowUpBytes.encode(objects));
        assertEquals(2, read.size());
        for (int i = 0; i < 2; i++) {
            assertEquals(objects.get(i).key(), read.get(i).key());
            assertEquals(objects.get(i).version(), read.get(i).version());
            assertEquals(objects.get(i).sha256(), read.get(i).sha256());
            assertEquals(2, read.get(i).views());
            assertArrayEquals(objects.get(i).scores(), read.get(i).scores());
        }
    }

    @Test
    void bytesThatAreNoneOfAFollowUpAreRefused() {
        byte[] bytes = FollowUpBytes.encode(List.of(object("a")));
        assertThrows(IllegalStateException.class, () -> FollowUpBytes.decode(new byte[0]));
        assertThrows(IllegalStateException.class, () -> FollowUpBytes.decode(Arrays.copyOf(bytes, bytes.length - 1)));
        byte[] other = bytes.clone();
        other[0] = 9;
        assertThrows(IllegalStateException.class, () -> FollowUpBytes.decode(other));
    }

    @Test
    void whatWaitsIsNeverKeptAsCleared() {
        RulingBits bits = RulingBits.EMPTY.plus(new Mark[] {Mark.CLEARED, Mark.WAITING, Mark.PASSED, Mark.WAITING});
        assertEquals(Mark.INCONCLUSIVE, bits.at(1));
        assertEquals(Mark.PASSED, bits.at(2));
        assertEquals(Mark.INCONCLUSIVE, bits.at(3));
    }
}
