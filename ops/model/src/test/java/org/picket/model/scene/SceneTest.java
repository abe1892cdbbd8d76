package org.picket.model.scene;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SceneTest {
    @Test
    void sameSceneGivesTheSamePixels() {
        Scene scene = Scene.of(4, new Labels(true, true, true, false), 200, 200);
        assertArrayEquals(pixels(Painter.paint(scene)), pixels(Painter.paint(scene)));
    }

    @Test
    void everyLighthouseStandsClearInOneView() {
        for (long seed = 0; seed < 2_000; seed++) {
            Scene scene = Scene.of(seed, new Labels(true, false, false, false), 224, 224);
            BufferedImage empty = new BufferedImage(scene.width(), scene.height(), BufferedImage.TYPE_INT_RGB);
            Layout.Box tower = Layout.of(scene).tower().wider(0.03);
            boolean clear =
                    Shrink.views(empty, 16).stream().anyMatch(view -> tower.within(view.left(), view.top()) > 0.999);
            assertTrue(clear, scene::toString);
        }
    }

    @Test
    void viewsCoverLongPicturesAndCropOthers() {
        assertEquals(
                1,
                Shrink.views(new BufferedImage(400, 300, BufferedImage.TYPE_INT_RGB), 32)
                        .size());
        List<Shrink.View> wide = Shrink.views(new BufferedImage(500, 200, BufferedImage.TYPE_INT_RGB), 32);
        assertEquals(3, wide.size());
        assertEquals(0, wide.getFirst().left());
        assertEquals(1.5, wide.getLast().left());
        List<Shrink.View> high = Shrink.views(new BufferedImage(200, 300, BufferedImage.TYPE_INT_RGB), 32);
        assertEquals(2, high.size());
        assertEquals(0.5, high.getLast().top());
    }

    @Test
    void plainPictureStaysPlainWhenItShrinks() {
        BufferedImage plain = new BufferedImage(301, 223, BufferedImage.TYPE_INT_RGB);
        Arrays.fill(((DataBufferInt) plain.getRaster().getDataBuffer()).getData(), 0x10C0FF);
        byte[] view = Shrink.views(plain, 64).getFirst().pixels();
        for (int at = 0; at < view.length; at += 3) {
            assertEquals(0x10, view[at]);
            assertEquals((byte) 0xC0, view[at + 1]);
            assertEquals((byte) 0xFF, view[at + 2]);
        }
    }

    @Test
    void ruleIsLighthouseInSnowOrNightAndNotDrawn() {
        assertTrue(new Labels(true, true, false, false).flagged());
        assertTrue(new Labels(true, false, true, false).flagged());
        assertTrue(!new Labels(true, false, false, false).flagged());
        assertTrue(!new Labels(true, true, true, true).flagged());
        assertTrue(!new Labels(false, true, true, false).flagged());
    }

    @Test
    void diceAreAFixedSequence() {
        Dice dice = new Dice(1);
        assertEquals(6791897765849424158L, dice.bits());
        for (int throwing = 0; throwing < 1_000; throwing++) {
            int whole = dice.whole(1, 6);
            assertTrue(whole >= 1 && whole <= 6);
        }
    }

    private static int[] pixels(BufferedImage image) {
        return ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    }
}
