package org.picket.crawler.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.structure.Reason;

/// What is not a whole picture never yields a view.
class BrokenObjectsTest {

    private static final Set<Reason> BROKEN = Set.of(Reason.TRUNCATED, Reason.CORRUPT, Reason.UNKNOWN_FORMAT);

    private static DecoderPool pool;

    @BeforeAll
    static void open() {
        pool = new DecoderPool(Vectors.SETTINGS);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    private static Decoded decode(byte[] object) throws InterruptedException {
        return pool.decode(object, object.length, 32);
    }

    private static Decoded.Undecodable undecodable(byte[] object, String what) throws InterruptedException {
        return assertInstanceOf(Decoded.Undecodable.class, decode(object), what);
    }

    @Test
    void pictureCutAnywhereYieldsNoView() throws Exception {
        for (String name : Vectors.WHOLE) {
            byte[] whole = Vectors.read(name);
            assertInstanceOf(Decoded.Views.class, decode(whole), name);
            for (int percent = 5; percent < 100; percent += 5) {
                int length = Math.max(1, (int) ((long) whole.length * percent / 100));
                cut(name, whole, length);
            }
            cut(name, whole, whole.length - 1);
            cut(name, whole, whole.length - 2);
        }
    }

    private static void cut(String name, byte[] whole, int length) throws InterruptedException {
        String what = name + " cut to " + length + " of " + whole.length;
        Decoded.Undecodable result = undecodable(Arrays.copyOf(whole, length), what);
        assertTrue(BROKEN.contains(result.reason()), what + ": " + result);
    }

    @Test
    void jpegCutAndClosedWithAForgedEndMarkYieldsNoView() throws Exception {
        for (String name : new String[] {"420.jpg", "progressive.jpg", "restart.jpg", "grey.jpg", "cmyk.jpg"}) {
            byte[] whole = Vectors.read(name);
            for (int percent = 30; percent <= 95; percent += 5) {
                byte[] forged = Arrays.copyOf(whole, whole.length * percent / 100);
                forged[forged.length - 2] = (byte) 0xff;
                forged[forged.length - 1] = (byte) 0xd9;
                String what = name + " closed at " + percent + " %";
                Decoded.Undecodable result = undecodable(forged, what);
                assertTrue(BROKEN.contains(result.reason()), what + ": " + result);
            }
        }
    }

    @Test
    void pictureWithAHoleYieldsNoView() throws Exception {
        for (String name : new String[] {"420.jpg", "progressive.jpg", "restart.jpg", "four-thirds.png", "rgba.png"}) {
            byte[] object = Vectors.read(name);
            Arrays.fill(object, object.length / 2, object.length / 2 + 300, (byte) 0);
            Decoded.Undecodable result = undecodable(object, name);
            assertEquals(Reason.CORRUPT, result.reason(), name + ": " + result);
        }
    }

    @Test
    void gifWhoseCodesStopEarlyYieldsNoView() throws Exception {
        byte[] gif = HandMadeGif.still(40, 40, 40 * 40);
        assertInstanceOf(Decoded.Views.class, decode(gif));
        byte[] lacking = HandMadeGif.still(40, 40, 40 * 40 - 1);
        assertEquals(Reason.TRUNCATED, undecodable(lacking, "one pixel lacks").reason());
    }

    @Test
    void headThatWouldHideALaterWarningYieldsNoView() throws Exception {
        byte[] jfif = Vectors.read("420.jpg");
        assertEquals("JFIF", new String(jfif, 6, 4, StandardCharsets.US_ASCII));
        jfif[11] = 2;
        assertEquals(Reason.CORRUPT, undecodable(jfif, "JFIF 2").reason());
        byte[] adobe = Vectors.read("cmyk.jpg");
        int mark = new String(adobe, StandardCharsets.ISO_8859_1).indexOf("Adobe");
        for (int transform : new int[] {1, 3}) {
            adobe[mark + 11] = (byte) transform;
            assertEquals(
                    Reason.CORRUPT, undecodable(adobe, "Adobe " + transform).reason());
        }
    }

    @Test
    void pngWithTooFewRowsYieldsNoView() throws Exception {
        byte[] png = Vectors.read("four-thirds.png");
        // Twice as high by its (correctly signed) header, with the data of the first half.
        ByteBuffer.wrap(png).putInt(20, 180);
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
        assertEquals(Reason.CORRUPT, undecodable(png, "half a PNG").reason());
    }

    @Test
    void bytesBehindTheEndAreIgnored() throws Exception {
        for (String name : Vectors.WHOLE) {
            byte[] whole = Vectors.read(name);
            ByteArrayOutputStream more = new ByteArrayOutputStream();
            more.writeBytes(whole);
            more.writeBytes("anything at all".getBytes(StandardCharsets.UTF_8));
            Decoded.Views views = assertInstanceOf(Decoded.Views.class, decode(more.toByteArray()), name);
            Decoded.Views expected = assertInstanceOf(Decoded.Views.class, decode(whole), name);
            assertEquals(expected.views().size(), views.views().size());
            assertTrue(
                    Arrays.equals(
                            expected.views().getFirst().pixels(),
                            views.views().getFirst().pixels()),
                    name);
        }
    }

    @Test
    void strayBytesBeforeTheEndMarkOfAWholeJpegAreHarmless() throws Exception {
        byte[] whole = Vectors.read("420.jpg");
        byte[] padded = Arrays.copyOf(whole, whole.length + 3);
        System.arraycopy(whole, whole.length - 2, padded, whole.length + 1, 2);
        Arrays.fill(padded, whole.length - 2, whole.length + 1, (byte) 0);
        assertInstanceOf(Decoded.Views.class, decode(padded));
    }

    @Test
    void flippedBitsNeverBringTheDecoderDown() throws Exception {
        Random random = new Random(20);
        for (String name : Vectors.WHOLE) {
            byte[] whole = Vectors.read(name);
            for (int i = 0; i < 40; i++) {
                byte[] damaged = whole.clone();
                for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                }
                switch (decode(damaged)) {
                    case Decoded.Views ignored -> {}
                    case Decoded.Undecodable result ->
                        assertTrue(
                                result.reason() != Reason.DECODER_CRASHED
                                        && result.reason() != Reason.DECODER_TIMED_OUT,
                                name + ": " + result);
                }
            }
        }
    }

    @Test
    void garbageIsUnknown() throws Exception {
        Random random = new Random(21);
        for (int i = 0; i < 50; i++) {
            byte[] garbage = new byte[1 + random.nextInt(2000)];
            random.nextBytes(garbage);
            assertEquals(
                    Reason.UNKNOWN_FORMAT, undecodable(garbage, "garbage " + i).reason());
        }
        assertEquals(Reason.EMPTY, undecodable(new byte[0], "nothing").reason());
    }

    @Test
    void garbageBehindAKnownMagicIsBroken() throws Exception {
        Random random = new Random(22);
        for (String name : Vectors.WHOLE) {
            byte[] garbage = Vectors.read(name);
            byte[] tail = new byte[garbage.length - 16];
            random.nextBytes(tail);
            System.arraycopy(tail, 0, garbage, 16, tail.length);
            Decoded.Undecodable result = undecodable(garbage, name);
            assertTrue(
                    BROKEN.contains(result.reason())
                            || result.reason() == Reason.TOO_MANY_PIXELS
                            || result.reason() == Reason.UNSUPPORTED,
                    name + ": " + result);
        }
    }
}
