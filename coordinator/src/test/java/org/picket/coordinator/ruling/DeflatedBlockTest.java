package org.picket.coordinator.ruling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

class DeflatedBlockTest {
    private static final int HEADER = 13;

    /// Two concepts; three objects of one, no and two views.
    private static final byte[] CONTENT = HexFormat.of()
            .parseHex("0000000000000007" + "0000000000000008" + "0000000000000009" + "010002" + "007f81" + "01fe01"
                    + "807f02" + "00ff01");

    private static byte[] deflated(int concepts, int objects, int views, byte[] content) {
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
    void blocksOfTheFirstFormatAreRead() {
        var block = ScoreBlock.decode(deflated(2, 3, 3, CONTENT));

        assertEquals(
                new ScoreBlock(2, new long[] {7, 8, 9}, new int[] {1, 0, 2}, new short[] {
                    1, Short.MIN_VALUE, Short.MAX_VALUE, -1, 0, 256
                }),
                block);
        var columns = new ScoreColumns();
        columns.read(deflated(2, 3, 3, CONTENT));
        assertEquals(2, columns.objects());
        assertEquals(Short.MAX_VALUE, columns.byView(0)[1]);
    }

    @Test
    void damagedOnesAreRefused() {
        var encoded = deflated(2, 3, 3, CONTENT);
        for (int length = 0; length < encoded.length; length++) {
            var cut = Arrays.copyOf(encoded, length);
            assertThrows(ScoreBlock.Unreadable.class, () -> ScoreBlock.decode(cut));
        }
        for (int i = 0; i < encoded.length; i++) {
            var flipped = encoded.clone();
            flipped[i] ^= 2;
            assertThrows(ScoreBlock.Unreadable.class, () -> ScoreBlock.decode(flipped));
        }
        var bomb = new byte[8 * 1024 * 1024];
        assertThrows(ScoreBlock.Unreadable.class, () -> ScoreBlock.decode(deflated(1, 1, 1, bomb)));
        assertThrows(ScoreBlock.Unreadable.class, () -> ScoreBlock.decode(deflated(1, 1, Integer.MAX_VALUE, bomb)));
        assertThrows(ScoreBlock.Unreadable.class, () -> ScoreBlock.decode(deflated(2, 3, 4, CONTENT)));
    }
}
