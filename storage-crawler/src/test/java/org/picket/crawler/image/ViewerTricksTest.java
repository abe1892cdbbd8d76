package org.picket.crawler.image;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.picket.crawler.image.structure.BmpStructure;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;
import org.picket.crawler.image.structure.GifStructure;
import org.picket.crawler.image.structure.Header;
import org.picket.crawler.image.structure.JpegStructure;
import org.picket.crawler.image.structure.Octets;
import org.picket.crawler.image.structure.Patch;
import org.picket.crawler.image.structure.PngAnimation;
import org.picket.crawler.image.structure.PngStructure;
import org.picket.crawler.image.structure.WebpStructure;

/// Pictures that some viewers would show otherwise than they are looked at here.
class ViewerTricksTest {

    private static final long MAX_PIXELS = 1_000_000;
    private static final int LEFT = 8;

    private static void assertFlaw(Flaw flaw, Executable reading) {
        assertEquals(flaw, assertThrows(FlawedObject.class, reading).flaw());
    }

    private static Octets octets(byte[] object) {
        return new Octets(object, object.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static GifStructure.Outline gif(int... control) {
        byte[] still = HandMadeGif.still(4, 4, 16);
        byte[] extension = new byte[control.length];
        for (int i = 0; i < control.length; i++) {
            extension[i] = (byte) control[i];
        }
        int first = 19;
        byte[] gif =
                Damage.join(Arrays.copyOf(still, first), extension, Arrays.copyOfRange(still, first, still.length));
        return GifStructure.read(octets(gif), MAX_PIXELS);
    }

    private static Patch.Disposal disposal(int told) {
        return gif(0x21, 0xf9, 4, told << 2, 0, 0, 0, 0).patches().getFirst().disposal();
    }

    @Test
    void gifFrameIsDisposedOfAsBrowsersDo() {
        assertEquals(Patch.Disposal.KEEP, disposal(0));
        assertEquals(Patch.Disposal.KEEP, disposal(1));
        assertEquals(Patch.Disposal.CLEAR, disposal(2));
        assertEquals(Patch.Disposal.RESTORE, disposal(3));
        assertEquals(Patch.Disposal.RESTORE, disposal(4));
        for (int unknown = 5; unknown < 8; unknown++) {
            int told = unknown;
            assertFlaw(Flaw.STRUCTURE, () -> disposal(told));
        }
    }

    @Test
    void gifControlOfAnotherLengthIsAFlaw() {
        assertFlaw(Flaw.STRUCTURE, () -> gif(0x21, 0xf9, 0));
        assertFlaw(Flaw.STRUCTURE, () -> gif(0x21, 0xf9, 1, 12, 0));
        assertFlaw(Flaw.STRUCTURE, () -> gif(0x21, 0xf9, 5, 12, 0, 0, 0, 0, 0));
        assertFlaw(Flaw.STRUCTURE, () -> gif(0x21, 0xf9, 4, 12, 0, 0, 0, 1, 0, 0));
    }

    private static HandMadePng palette() {
        return new HandMadePng().head(4, 4, 8, 3, 0).chunk("PLTE", new byte[] {1, 2, 3, 4, 5, 6});
    }

    private static Header png(HandMadePng png) {
        return PngStructure.read(octets(png.end().bytes()), MAX_PIXELS);
    }

    @Test
    void pngPaletteThatComesLateOrTwiceIsAFlaw() throws Exception {
        byte[] data = HandMadePng.deflated(4, 4, 0);
        byte[] clear = {0, 0};
        assertDoesNotThrow(() -> png(palette().chunk("tRNS", clear).chunk("IDAT", data)));
        assertFlaw(Flaw.STRUCTURE, () -> png(palette().chunk("IDAT", data).chunk("tRNS", clear)));
        assertFlaw(
                Flaw.STRUCTURE,
                () -> png(palette().chunk("tRNS", clear).chunk("tRNS", clear).chunk("IDAT", data)));
        assertFlaw(
                Flaw.STRUCTURE, () -> png(palette().chunk("PLTE", new byte[6]).chunk("IDAT", data)));
        assertFlaw(Flaw.STRUCTURE, () -> png(palette().chunk("IDAT", data).chunk("PLTE", new byte[6])));
        assertFlaw(
                Flaw.STRUCTURE,
                () -> png(new HandMadePng()
                        .head(4, 4, 8, 3, 0)
                        .chunk("tRNS", clear)
                        .chunk("PLTE", new byte[6])
                        .chunk("IDAT", data)));
    }

    /// Its frames would be decoded with a transparency that browsers ignore.
    @Test
    void animationWhoseTransparencyComesBehindItsDataIsAFlaw() throws Exception {
        byte[] control = ByteBuffer.allocate(26).putInt(4, 4).putInt(8, 4).array();
        HandMadePng png = palette()
                .chunk("acTL", new byte[] {0, 0, 0, 1, 0, 0, 0, 0})
                .chunk("fcTL", control)
                .chunk("IDAT", HandMadePng.deflated(4, 4, 0));
        byte[] sound = png.bytes();
        byte[] late = png.chunk("tRNS", new byte[2]).end().bytes();
        byte[] end = new HandMadePng().end().bytes();
        byte[] whole = Damage.join(sound, Arrays.copyOfRange(end, 8, end.length));
        assertDoesNotThrow(() -> PngAnimation.read(octets(whole), MAX_PIXELS));
        assertFlaw(Flaw.STRUCTURE, () -> PngAnimation.read(octets(late), MAX_PIXELS));
    }

    @Test
    void framesWithoutAnAnimationAreAFlaw() throws Exception {
        byte[] data = HandMadePng.deflated(4, 12, 0);
        for (String frame : new String[] {"fcTL", "fdAT"}) {
            assertFlaw(
                    Flaw.STRUCTURE,
                    () -> png(new HandMadePng()
                            .head(4, 4, 8, 2, 0)
                            .chunk(frame, new byte[26])
                            .chunk("IDAT", data)));
        }
    }

    /// A directory that tells orientations, each of that type and so many times.
    private static byte[] typed(int type, int count, int... orientations) {
        ByteBuffer tiff = ByteBuffer.allocate(14 + 12 * orientations.length);
        tiff.put(ascii("MM\0*")).putInt(8).putShort((short) orientations.length);
        for (int orientation : orientations) {
            tiff.putShort((short) 0x0112).putShort((short) type).putInt(count);
            tiff.putShort((short) orientation).putShort((short) 0);
        }
        return tiff.array();
    }

    private static byte[] exif(int... orientations) {
        return typed(3, 1, orientations);
    }

    private static byte[] segment(String name, byte[] tiff) {
        return ByteBuffer.allocate(4 + name.length() + tiff.length)
                .putShort((short) 0xffe1)
                .putShort((short) (2 + name.length() + tiff.length))
                .put(ascii(name))
                .put(tiff)
                .array();
    }

    private static int jpeg(byte[]... segments) throws Exception {
        byte[] whole = Vectors.read("420.jpg");
        byte[] jpeg =
                Damage.join(Arrays.copyOf(whole, 2), Damage.join(segments), Arrays.copyOfRange(whole, 2, whole.length));
        return JpegStructure.read(octets(jpeg), MAX_PIXELS).orientation();
    }

    @Test
    void jpegIsTurnedAsBrowsersDo() throws Exception {
        String name = "Exif\0\0";
        assertEquals(LEFT, jpeg(segment(name, exif(LEFT))));
        assertEquals(1, jpeg(segment(name, exif(9))));
        assertEquals(1, jpeg(segment(name, typed(3, 2, LEFT))), "two numbers");
        assertEquals(1, jpeg(segment(name, typed(4, 1, LEFT))), "a long number");
        assertEquals(LEFT, jpeg(segment(name, exif(LEFT, LEFT))));
        assertEquals(LEFT, jpeg(segment(name, exif(LEFT)), segment(name, ascii("the rest of a long one"))));
        assertFlaw(Flaw.STRUCTURE, () -> jpeg(segment(name, exif(LEFT, 3))));
        assertFlaw(Flaw.STRUCTURE, () -> jpeg(segment(name, exif(LEFT)), segment(name, exif(1))));
        assertFlaw(Flaw.STRUCTURE, () -> jpeg(segment(name, exif(1)), segment(name, exif(LEFT))));
        assertFlaw(Flaw.STRUCTURE, () -> jpeg(segment("Exif\0 ", exif(LEFT))));
        int[] late = new int[1_100];
        Arrays.fill(late, 9);
        late[late.length - 1] = LEFT;
        assertEquals(LEFT, jpeg(segment(name, exif(late))));
    }

    @Test
    void orientationBehindTheFirstScanOfAJpegCountsForNothing() throws Exception {
        byte[] whole = Vectors.read("progressive.jpg");
        byte[] jpeg = Damage.join(
                Arrays.copyOf(whole, whole.length - 2),
                segment("Exif\0\0", exif(LEFT)),
                Arrays.copyOfRange(whole, whole.length - 2, whole.length));
        assertEquals(1, JpegStructure.read(octets(jpeg), MAX_PIXELS).orientation());
    }

    @Test
    void pngWhoseOrientationIsDamagedOrDoubtfulIsAFlaw() throws Exception {
        byte[] data = HandMadePng.deflated(4, 12, 0);
        byte[] exif = exif(LEFT);
        assertEquals(LEFT, png(plain().chunk("eXIf", exif).chunk("IDAT", data)).orientation());
        assertEquals(1, png(plain().chunk("IDAT", data).chunk("eXIf", exif(1))).orientation());
        assertFlaw(Flaw.STRUCTURE, () -> png(plain().chunk("IDAT", data).chunk("eXIf", exif)));
        assertFlaw(
                Flaw.STRUCTURE,
                () -> png(plain().chunk("eXIf", exif(3)).chunk("eXIf", exif).chunk("IDAT", data)));
        assertFlaw(
                Flaw.CHECKSUM,
                () -> png(plain().chunk("eXIf", exif, exif.length, 1).chunk("IDAT", data)));
    }

    private static HandMadePng plain() {
        return new HandMadePng().head(4, 4, 8, 2, 0);
    }

    private static byte[] chunk(String name, byte[] data) {
        ByteBuffer chunk =
                ByteBuffer.allocate(8 + data.length + (data.length & 1)).order(ByteOrder.LITTLE_ENDIAN);
        return chunk.put(ascii(name)).putInt(data.length).put(data).array();
    }

    private static byte[] head(int flags) {
        return chunk("VP8X", new byte[] {(byte) flags, 0, 0, 0, 100, 0, 0, 89, 0, 0});
    }

    private static Header webp(byte[]... chunks) {
        byte[] all = Damage.join(ascii("RIFF\0\0\0\0WEBP"), Damage.join(chunks));
        ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putInt(4, all.length - 8);
        return WebpStructure.read(octets(all), MAX_PIXELS);
    }

    private static byte[] picture(String name) throws Exception {
        byte[] webp = Vectors.read(name);
        return Arrays.copyOfRange(webp, 12, webp.length);
    }

    @Test
    void webpIsTurnedOnlyWhereItsHeadSaysSo() throws Exception {
        byte[] picture = picture("lossy.webp");
        byte[] exif = chunk("EXIF", exif(LEFT));
        assertEquals(LEFT, webp(head(8), picture, exif).orientation());
        assertEquals(1, webp(head(0), picture, exif).orientation());
        assertEquals(1, webp(picture, exif).orientation());
        assertEquals(1, webp(head(8), picture, chunk("EXIF", exif(1)), exif).orientation());
        assertFlaw(Flaw.STRUCTURE, () -> webp(head(0), head(8), picture, exif));
    }

    @Test
    void webpWhoseTransparencyIsNotAnnouncedIsAFlaw() throws Exception {
        byte[] picture = picture("lossy.webp");
        byte[] alpha = chunk("ALPH", new byte[100]);
        assertEquals(true, webp(head(16), alpha, picture).alpha());
        assertFlaw(Flaw.STRUCTURE, () -> webp(head(0), alpha, picture));
        byte[] lossless = picture("alpha-lossless.webp");
        assertFlaw(Flaw.STRUCTURE, () -> webp(head(0), chunk("VP8L", withSides(lossless))));
    }

    /// Those that the head announces.
    private static byte[] withSides(byte[] chunks) {
        byte[] data = Arrays.copyOfRange(
                chunks,
                8,
                8 + ByteBuffer.wrap(chunks).order(ByteOrder.LITTLE_ENDIAN).getInt(4));
        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putInt(1, 100 | 89 << 14 | 1 << 28);
        return data;
    }

    @Test
    void webpOfTwoPicturesIsAFlaw() throws Exception {
        byte[] picture = picture("lossy.webp");
        assertFlaw(Flaw.STRUCTURE, () -> webp(picture, picture));
        assertFlaw(Flaw.STRUCTURE, () -> webp(head(0), picture, picture("lossless.webp")));
    }

    /// Two pixels of 32 bits.
    private static Header bitmap(int head, int coding, int[] masks, int... pixels) {
        ByteBuffer bitmap =
                ByteBuffer.allocate(14 + head + 16 + 4 * pixels.length).order(ByteOrder.LITTLE_ENDIAN);
        int data = bitmap.capacity() - 4 * pixels.length;
        bitmap.put(ascii("BM")).putInt(0).putInt(0).putInt(data);
        bitmap.putInt(head).putInt(pixels.length).putInt(1).putShort((short) 1).putShort((short) 32);
        bitmap.putInt(coding).position(54);
        Arrays.stream(masks).forEach(bitmap::putInt);
        bitmap.position(data);
        Arrays.stream(pixels).forEach(bitmap::putInt);
        return BmpStructure.read(octets(bitmap.array()), MAX_PIXELS);
    }

    @Test
    void bitmapWithTransparentPixelsIsRefused() {
        int[] masks = {0xff_0000, 0xff00, 0xff, 0xff00_0000};
        assertEquals(2, bitmap(56, 3, masks, 0xff01_0203, 0xff04_0506).width());
        assertEquals(2, bitmap(56, 3, masks, 0x0001_0203, 0x0004_0506).width());
        assertEquals(2, bitmap(40, 0, masks, 0x0001_0203, 0x8004_0506).width());
        assertFlaw(Flaw.BMP_ALPHA, () -> bitmap(56, 3, masks, 0xff01_0203, 0x8004_0506));
        assertFlaw(Flaw.BMP_ALPHA, () -> bitmap(56, 0, masks, 0xff01_0203, 0x8004_0506));
        assertFlaw(Flaw.BMP_ALPHA, () -> bitmap(56, 3, masks, 0x8001_0203, 0x8004_0506));
        int[] other = {0xff_0000, 0xff00, 0xff, 0x8000_0000};
        assertFlaw(Flaw.BMP_ALPHA, () -> bitmap(56, 3, other, 0xff01_0203, 0xff04_0506));
    }

    @Test
    void bitmapOfUnusualMasksIsRefused() {
        assertFlaw(Flaw.BMP_CODING, () -> bitmap(40, 3, new int[] {0x8000, 0x80, 0x1, 0}, 1, 2));
        assertFlaw(Flaw.BMP_CODING, () -> bitmap(56, 3, new int[] {0xff, 0xff00, 0xff_0000, 0}, 1, 2));
    }
}
