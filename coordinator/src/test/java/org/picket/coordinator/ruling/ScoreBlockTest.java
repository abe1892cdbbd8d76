package org.picket.coordinator.ruling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.picket.proto.limit.Limits;

class ScoreBlockTest {
    private static final int HEADER = 17;

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

    /// Of any header and content, with the sum that belongs to them.
    private static byte[] forged(int concepts, int objects, int views, byte[] content) {
        var bytes = ByteBuffer.allocate(HEADER + content.length)
                .put(new byte[] {'P', 'S', 2})
                .putShort((short) concepts)
                .putInt(objects)
                .putInt(views)
                .putInt(0)
                .put(content)
                .array();
        var sum = new CRC32C();
        sum.update(bytes, 0, HEADER - Integer.BYTES);
        sum.update(content);
        ByteBuffer.wrap(bytes).putInt(HEADER - Integer.BYTES, (int) sum.getValue());
        return bytes;
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
    void scoresOfEveryWidthAndAnyExceptionsAreDecodedAgain() {
        for (int width = 0; width <= Short.SIZE; width++) {
            for (int objects = 1; objects < 70; objects++) {
                var views = new int[objects];
                Arrays.fill(views, 1);
                var scores = new short[objects * 2];
                for (int i = 0; i < scores.length; i++) {
                    int usual = Short.MIN_VALUE + random.nextInt(1 << width);
                    scores[i] = (short) (random.nextInt(20) == 0 ? random.nextInt() : usual);
                }
                var block = new ScoreBlock(2, new long[objects], views, scores);

                assertEquals(block, ScoreBlock.decode(block.encode()), width + " bits, " + objects + " objects");
            }
        }
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
        int bytes = new ScoreBlock(4, new long[objects], views, scores).encode().length - objects * Long.BYTES;
        assertTrue(bytes < objects * 4 * 2 * 0.75, "bytes: " + bytes);

        // A few that stand out do not make all of them longer.
        for (int i = 0; i < scores.length; i += 101) {
            scores[i] = Short.MAX_VALUE;
        }
        int more = new ScoreBlock(4, new long[objects], views, scores).encode().length - objects * Long.BYTES - bytes;
        assertTrue(more < 100, "bytes more: " + more);
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

    /// One object of one view, and a column of nothing but its header and one exception.
    private static byte[] column(int width, int exceptions, int view) {
        return ByteBuffer.allocate(Long.BYTES + 1 + 5 + 4)
                .putLong(7)
                .put((byte) 1)
                .putShort((short) 0)
                .put((byte) width)
                .putShort((short) exceptions)
                .putShort((short) view)
                .putShort((short) 9)
                .array();
    }

    @Test
    void scoresThatTellWhatIsThereAreRead() {
        assertEquals(
                9, ScoreBlock.decode(forged(1, 1, 1, column(0, 1, 0))).scores(0).at(0, 0));
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
            forged(1, 1, 1, new byte[8]),
            forged(1, 1, 2, ByteBuffer.allocate(8 + 1 + 5).put(8, (byte) 1).array()),
            forged(1, 1, 33, ByteBuffer.allocate(8 + 1 + 5).put(8, (byte) 33).array()),
            forged(1, 1, 1, column(17, 0, 0)),
            forged(1, 1, 1, column(16, 0, 0)),
            forged(1, 1, 1, column(0, 1, 1)),
            forged(1, 1, 1, column(0, 2, 0))
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
