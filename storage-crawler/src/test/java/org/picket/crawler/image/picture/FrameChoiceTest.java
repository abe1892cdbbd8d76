package org.picket.crawler.image.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.Decoded;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.image.HandMadeGif;
import org.picket.crawler.image.Vectors;

/// Which frames of a long animation are looked at.
class FrameChoiceTest {

    private static final int SIDE = 32;

    private static int[] equal(int count) {
        int[] millis = new int[count];
        Arrays.fill(millis, 100);
        return millis;
    }

    private static Look look(int grey) {
        byte[] pixels = new byte[SIDE * SIDE * 3];
        Arrays.fill(pixels, (byte) grey);
        return Look.of(new Bicubic.Raster(pixels, SIDE, SIDE));
    }

    private static List<Look> alike(int count) {
        return Stream.generate(() -> look(90)).limit(count).toList();
    }

    @Test
    void roomFollowsTilesAndTransparency() {
        assertEquals(16, FrameChoice.frames(1, 1));
        assertEquals(16, FrameChoice.frames(1, 2));
        assertEquals(16, FrameChoice.frames(2, 1));
        assertEquals(8, FrameChoice.frames(2, 2));
        assertEquals(2, FrameChoice.frames(8, 2));
    }

    @Test
    void fewFramesAreAllLookedAt() {
        assertArrayEquals(new int[] {0}, FrameChoice.choose(equal(1), alike(1), 16));
        assertArrayEquals(IntStream.range(0, 16).toArray(), FrameChoice.choose(equal(16), alike(16), 16));
    }

    @Test
    void framesAreSpreadOverTheTimeAndNotOverTheirNumber() {
        assertArrayEquals(new int[] {0, 25, 50, 75, 99}, FrameChoice.spread(equal(100), 5));
        int[] millis = equal(100);
        // The second half of the time.
        millis[10] = 9_900;
        assertArrayEquals(new int[] {0, 10, 50, 99}, FrameChoice.spread(millis, 5));
    }

    @Test
    void theFrameThatStandsOutIsLookedAtHoweverShortItIsShown() {
        for (int hidden = 0; hidden < 400; hidden += 7) {
            List<Look> looks = new java.util.ArrayList<>(alike(400));
            looks.set(hidden, look(220));
            int[] millis = equal(400);
            millis[hidden] = 20;
            int at = hidden;
            int[] chosen = FrameChoice.choose(millis, looks, 16);
            assertTrue(IntStream.of(chosen).anyMatch(frame -> frame == at), "frame " + hidden);
            assertEquals(0, chosen[0]);
            assertEquals(399, chosen[chosen.length - 1]);
        }
    }

    @Test
    void noMoreFramesAreChosenThanThereIsRoomFor() {
        List<Look> different =
                IntStream.range(0, 250).mapToObj(FrameChoiceTest::look).toList();
        for (int room = 2; room <= 16; room++) {
            int[] chosen = FrameChoice.choose(equal(250), different, room);
            assertEquals(room, chosen.length);
            assertEquals(room, IntStream.of(chosen).distinct().count());
        }
        // Half of the room, where no frame differs.
        assertEquals(8, FrameChoice.choose(equal(250), alike(250), 16).length);
    }

    @Test
    void lookOfAPatchedCanvasIsTheLookOfTheWhole() {
        java.util.Random random = new java.util.Random(5);
        int[] argb = random.ints(37 * 29).toArray();
        Look patched = new Look();
        patched.update(argb, 37, 29, 0, 0, 37, 29);
        for (int i = 0; i < 50; i++) {
            int x = random.nextInt(37);
            int y = random.nextInt(29);
            int columns = 1 + random.nextInt(37 - x);
            int rows = 1 + random.nextInt(29 - y);
            for (int row = y; row < y + rows; row++) {
                Arrays.fill(argb, row * 37 + x, row * 37 + x + columns, random.nextInt());
            }
            patched.update(argb, 37, 29, x, y, columns, rows);
            Look whole = new Look();
            whole.update(argb, 37, 29, 0, 0, 37, 29);
            assertEquals(0, whole.distance(patched));
        }
    }

    @Test
    void longGifGivesSixteenViewsAndTheOneFrameThatDiffers() throws Exception {
        int[] colours = new int[120];
        Arrays.setAll(colours, i -> 0x203040 + i);
        colours[77] = 0xf0e010;
        byte[] gif = HandMadeGif.slides(24, colours);
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS)) {
            Decoded.Views decoded = assertInstanceOf(Decoded.Views.class, pool.decode(gif, gif.length, 24));
            assertEquals(16, decoded.views().size());
            Set<Integer> seen = decoded.views().stream()
                    .map(view ->
                            (view.pixels()[0] & 255) << 16 | (view.pixels()[1] & 255) << 8 | view.pixels()[2] & 255)
                    .collect(Collectors.toSet());
            assertTrue(seen.containsAll(Set.of(colours[0], colours[77], colours[119])), seen::toString);
        }
    }
}
