package org.picket.crawler.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.structure.Reason;
import org.picket.crawler.match.Fingerprint;
import org.picket.crawler.match.Pictures;

/// Fingerprints as the decoder processes make them of encoded pictures.
class FingerprintsIT {
    private static final int SIZE = 224;
    private static final int NEAR = 31;
    private static final List<String> LIES = List.of(
            "no fingerprints",
            "too many fingerprints",
            "negative fingerprints",
            "quality of more than all",
            "negative quality");

    private static DecoderPool pool;

    @BeforeAll
    static void open() {
        pool = new DecoderPool(Vectors.SETTINGS);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    private static List<Fingerprint> fingerprints(byte[] object) throws InterruptedException {
        return assertInstanceOf(
                        Decoded.Views.class,
                        pool.decode(object, object.length, SIZE, Vectors.SETTINGS.maxPixels(), true))
                .fingerprints();
    }

    private static byte[] encoded(long seed, int width, int height, String format) throws IOException {
        byte[] raster = Pictures.draw(seed, width, height);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            int rgb = (raster[3 * i] & 0xff) << 16 | (raster[3 * i + 1] & 0xff) << 8 | raster[3 * i + 2] & 0xff;
            image.setRGB(i % width, i / width, rgb);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, format, bytes));
        return bytes.toByteArray();
    }

    @Test
    void resizedAndReencodedCopyIsNearAndAnotherPictureIsFar() throws Exception {
        Fingerprint original = fingerprints(encoded(31, 1_600, 1_200, "png")).getFirst();
        Fingerprint copy = fingerprints(encoded(31, 640, 480, "jpg")).getFirst();
        Fingerprint large = fingerprints(encoded(31, 2_400, 1_800, "jpg")).getFirst();
        Fingerprint other = fingerprints(encoded(32, 640, 480, "jpg")).getFirst();
        assertTrue(original.quality() >= 50, "quality " + original.quality());
        assertTrue(original.hash().distance(copy.hash()) <= 10);
        // Decoded at a quarter of its size.
        assertTrue(original.hash().distance(large.hash()) <= 10);
        assertTrue(original.hash().distance(other.hash()) > NEAR);
    }

    @Test
    void sameObjectHasTheSameFingerprintEachTime() throws Exception {
        byte[] object = encoded(33, 1_000, 700, "jpg");
        assertEquals(fingerprints(object), fingerprints(object));
    }

    @Test
    void transparentPictureHasOneOverEachGround() throws Exception {
        assertEquals(2, fingerprints(Vectors.read("rgba.png")).size());
        assertEquals(1, fingerprints(Vectors.read("rgb16.png")).size());
    }

    @Test
    void viewsAreTheSameWithAndWithout() throws Exception {
        byte[] object = Vectors.read("420.jpg");
        Decoded.Views without = assertInstanceOf(Decoded.Views.class, pool.decode(object, object.length, SIZE));
        Decoded.Views with = assertInstanceOf(
                Decoded.Views.class, pool.decode(object, object.length, SIZE, Vectors.SETTINGS.maxPixels(), true));
        assertEquals(List.of(), without.fingerprints());
        assertEquals(1, with.fingerprints().size());
        assertEquals(without.views().size(), with.views().size());
        for (int i = 0; i < with.views().size(); i++) {
            assertArrayEquals(
                    without.views().get(i).pixels(), with.views().get(i).pixels());
        }
    }

    @Test
    void childThatLiesAboutFingerprintsIsNotBelieved() throws Exception {
        byte[] object = Vectors.read("420.jpg");
        for (String lie : LIES) {
            try (DecoderPool liars = new DecoderPool(Vectors.SETTINGS, () -> TreacherousChild.command(lie))) {
                Decoded decoded = liars.decode(object, object.length, 32, Vectors.SETTINGS.maxPixels(), true);
                assertEquals(
                        Reason.DECODER_CRASHED,
                        assertInstanceOf(Decoded.Undecodable.class, decoded).reason(),
                        lie);
            }
        }
    }
}
