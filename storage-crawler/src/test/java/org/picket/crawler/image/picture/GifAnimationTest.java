package org.picket.crawler.image.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.Decoded;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.image.HandMadeGif;
import org.picket.crawler.image.Vectors;
import org.picket.crawler.image.View;
import org.picket.crawler.image.structure.Reason;

/// What the decoder of GIFs is relied on for, and what is done around it.
class GifAnimationTest {

    private static final int SIDE = 16;

    private static DecoderPool pool;

    @BeforeAll
    static void open() {
        pool = new DecoderPool(Vectors.SETTINGS);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    private static List<View> views(byte[] gif, int size) throws Exception {
        return assertInstanceOf(Decoded.Views.class, pool.decode(gif, gif.length, size))
                .views();
    }

    private static byte[] numbers(int count) {
        byte[] numbers = new byte[count];
        new Random(count).nextBytes(numbers);
        return numbers;
    }

    /// The same rows in the order of GIF89a, appendix E.
    private static byte[] interlaced(byte[] numbers, int width, int height) {
        byte[] ordered = new byte[numbers.length];
        int to = 0;
        for (int[] pass : new int[][] {{0, 8}, {4, 8}, {2, 4}, {1, 2}}) {
            for (int y = pass[0]; y < height; y += pass[1]) {
                System.arraycopy(numbers, y * width, ordered, to, width);
                to += width;
            }
        }
        return ordered;
    }

    @Test
    void everyPixelHasTheColourOfItsNumber() throws Exception {
        byte[] numbers = numbers(SIDE * SIDE);
        List<View> views = views(HandMadeGif.greys(SIDE, SIDE, 256, false, numbers), SIDE);
        assertEquals(1, views.size());
        for (int i = 0; i < views.getFirst().pixels().length; i++) {
            assertEquals(numbers[i / 3], views.getFirst().pixels()[i]);
        }
    }

    @Test
    void interlacedPicturesOfAnyHeightAreLikeOthers() throws Exception {
        for (int height = 2; height <= 20; height++) {
            byte[] numbers = numbers(SIDE * height);
            byte[] plain = HandMadeGif.greys(SIDE, height, 256, false, numbers);
            byte[] mixed = HandMadeGif.greys(SIDE, height, 256, true, interlaced(numbers, SIDE, height));
            List<View> expected = views(plain, 8);
            List<View> views = views(mixed, 8);
            assertEquals(expected.size(), views.size());
            for (int i = 0; i < expected.size(); i++) {
                assertArrayEquals(expected.get(i).pixels(), views.get(i).pixels(), "height " + height);
            }
        }
    }

    @Test
    void numbersBehindThePaletteAreTransparentWhateverCameBefore() throws Exception {
        byte[] numbers = new byte[SIDE * SIDE];
        Arrays.fill(numbers, (byte) 200);
        assertEquals(
                1,
                views(HandMadeGif.greys(SIDE, SIDE, 256, false, numbers), SIDE).size());
        List<View> views = views(HandMadeGif.greys(SIDE, SIDE, 128, false, numbers), SIDE);
        assertEquals(2, views.size());
        assertEquals(-1, views.getFirst().pixels()[0]);
        assertEquals(0, views.getLast().pixels()[0]);
    }

    @Test
    void codesThatEndInARowOrAtItsEndYieldNoView() throws Exception {
        for (boolean interlaced : new boolean[] {false, true}) {
            for (int count : new int[] {0, 1, SIDE, SIDE * SIDE - SIDE, SIDE * SIDE - SIDE + 1, SIDE * SIDE - 1}) {
                byte[] gif = HandMadeGif.greys(SIDE, SIDE, 256, interlaced, numbers(count));
                Decoded.Undecodable flaw = assertInstanceOf(
                        Decoded.Undecodable.class, pool.decode(gif, gif.length, SIDE), count + " pixels");
                assertEquals(Reason.TRUNCATED, flaw.reason());
            }
        }
    }
}
