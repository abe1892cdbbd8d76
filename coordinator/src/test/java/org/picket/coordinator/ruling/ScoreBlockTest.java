package org.picket.coordinator.ruling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.picket.proto.limit.Limits;

class ScoreBlockTest {
    private static final int HEADER = 13;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(42);

    private ScoreBlock block(int concepts, int objects, int mostViews) {
        var tags = random.longs(objects).toArray();
        var views = random.ints(objects, 0, mostViews + 1).toArray();
        var scores = new short[Arrays.stream(views).sum() * concepts];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (short) random.nextInt();
        }
        return new ScoreBlock(concepts, tags, views, scores);
    }

    private static byte[] forged(int concepts, int objects, int views, byte[] content) {
        var packed = new ByteArrayOutputStream();
        try (var deflate = new DeflaterOutputStream(packed)) {
            deflate.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.allocate(HEADER + packed.size())
                .put(new byte[] {'P', 'S', 1})
                .putShort((short) concepts)
                .putInt(objects)
                .putInt(views)
                .put(packed.toByteArray())
                .array();
    }

    @Test
    void whatIsEncodedIsDecodedAgain() {
        for (int i = 0; i < 300; i++) {
            var block = block(1 + random.nextInt(70), random.nextInt(80), random.nextInt(Limits.OBJECT_VIEWS + 1));
            var encoded = block.encode();
            var decoded = ScoreBlock.decode(encoded);

            assertEquals(block, decoded);
            assertArrayEquals(encoded, decoded.encode());
        }
        var largest = block(Limits.BUNDLE_CONCEPTS, Limits.SHARD_OBJECTS, 4);
        assertEquals(largest, ScoreBlock.decode(largest.encode()));
    }

    @Test
    void objectsKeepTheirTagsViewsAndScores() {
        var block = new ScoreBlock(2, new long[] {7, 8, 9}, new int[] {1, 0, 2}, new short[] {
            1, Short.MIN_VALUE, Short.MAX_VALUE, -1, 0, 256
        });
        var decoded = ScoreBlock.decode(block.encode());

        assertEquals(3, decoded.objects());
        assertEquals(2, decoded.concepts());
        assertEquals(8, decoded.tag(1));
        assertEquals(0, decoded.views(1));
        assertEquals(2, decoded.views(2));
        assertEquals(2, decoded.offset(2));
        assertEquals(Short.MAX_VALUE, decoded.scores(2).at(0, 0));
        assertEquals(256, decoded.scores(2).at(1, 1));
    }

    @Test
    void scoresThatLookAlikeTakeLittleRoom() {
        int objects = 512;
        var scores = new short[objects * 4];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (short) (random.nextGaussian() * 300);
        }
        var views = new int[objects];
        Arrays.fill(views, 1);
        int bytes = new ScoreBlock(4, new long[objects], views, scores).encode().length;

        assertTrue(bytes < objects * 4 * 2 * 0.85, "bytes: " + bytes);
    }

    @Test
    void damagedBytesAreRefusedAndNeverCrash() {
        var encoded = block(4, 60, 3).encode();
        for (int length = 0; length < encoded.length; length++) {
            var cut = Arrays.copyOf(encoded, length);
            assertThrows(ScoreBlock.Unreadable.class, () -> ScoreBlock.decode(cut));
        }
        var longer = Arrays.copyOf(encoded, encoded.length + 1);
        assertThrows(ScoreBlock.Unreadable.class, () -> ScoreBlock.decode(longer));
        for (int i = 0; i < encoded.length; i++) {
            var flipped = encoded.clone();
            flipped[i] ^= (byte) (1 << random.nextInt(8));
            assertThrows(ScoreBlock.Unreadable.class, () -> ScoreBlock.decode(flipped));
        }
    }

    @Test
    void headersThatClaimTooMuchAreRefusedBeforeAnythingIsUnpacked() {
        var bomb = new byte[8 * 1024 * 1024];
        for (var forged : new byte[][] {
            forged(1, 1, 1, bomb),
            forged(1, Integer.MAX_VALUE, 1, bomb),
            forged(1, 1, Integer.MAX_VALUE, bomb),
            forged(65_535, 1, 1, bomb),
            forged(0, 1, 1, bomb),
            forged(1, -1, 1, bomb),
            forged(1, 1, -1, bomb),
            forged(1, 1, 2, new byte[8 + 1 + 4])
        }) {
            assertThrows(ScoreBlock.Unreadable.class, () -> ScoreBlock.decode(forged));
        }
    }

    @Test
    void lengthsThatDoNotFitAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ScoreBlock(1, new long[1], new int[] {1}, new short[2]));
        assertThrows(IllegalArgumentException.class, () -> new ScoreBlock(1, new long[2], new int[] {1}, new short[1]));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ScoreBlock(1, new long[1], new int[] {Limits.OBJECT_VIEWS + 1}, new short[33]));
        assertThrows(IllegalArgumentException.class, () -> new ScoreBlock(0, new long[0], new int[0], new short[0]));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ScoreBlock(
                        1, new long[Limits.SHARD_OBJECTS + 1], new int[Limits.SHARD_OBJECTS + 1], new short[0]));
    }
}
