package org.picket.crawler.image;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.structure.BmpStructure;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;
import org.picket.crawler.image.structure.JpegStructure;
import org.picket.crawler.image.structure.Octets;
import org.picket.crawler.image.structure.PngStructure;
import org.picket.crawler.image.structure.WebpStructure;

/// Pictures whose stored colours are not those that a viewer shows that manages colours.
class RecolouredPicturesTest {

    private static final long MAX_PIXELS = 1_000_000;
    private static final byte[] BRIGHTER = HandMadeProfile.of(
                    HandMadeProfile.gamma(0.4), HandMadeProfile.RED, HandMadeProfile.GREEN, HandMadeProfile.BLUE)
            .bytes();

    private static byte[] png(String chunk, byte[] data) throws Exception {
        return new HandMadePng()
                .head(40, 40, 8, 2, 0)
                .chunk(chunk, data)
                .chunk("IDAT", HandMadePng.deflated(40, 120, 7))
                .end()
                .bytes();
    }

    private static byte[] u32(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        Arrays.stream(values).forEach(bytes::putInt);
        return bytes.array();
    }

    private static byte[] packed(byte[] profile) throws Exception {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes("any name\0\0".getBytes(StandardCharsets.ISO_8859_1));
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(data)) {
            deflated.write(profile);
        }
        return data.toByteArray();
    }

    /// With a profile in two parts.
    private static byte[] jpeg(byte[] profile) throws Exception {
        byte[] whole = Vectors.read("420.jpg");
        int half = profile.length / 2;
        return Damage.join(
                Arrays.copyOf(whole, 2),
                part(1, Arrays.copyOf(profile, half)),
                part(2, Arrays.copyOfRange(profile, half, profile.length)),
                Arrays.copyOfRange(whole, 2, whole.length));
    }

    private static byte[] part(int number, byte[] data) {
        byte[] name = "ICC_PROFILE\0".getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(18 + data.length)
                .putShort((short) 0xffe2)
                .putShort((short) (16 + data.length))
                .put(name)
                .put((byte) number)
                .put((byte) 2)
                .put(data)
                .array();
    }

    private static byte[] webp(byte[] profile) throws Exception {
        byte[] lossy = Vectors.read("lossy.webp");
        ByteBuffer more =
                ByteBuffer.allocate(8 + profile.length + (profile.length & 1)).order(ByteOrder.LITTLE_ENDIAN);
        more.put("ICCP".getBytes(StandardCharsets.ISO_8859_1)).putInt(profile.length);
        more.put(profile);
        byte[] all = Damage.join(lossy, more.array());
        ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putInt(4, all.length - 8);
        return all;
    }

    private static Octets octets(byte[] object) {
        return new Octets(object, object.length);
    }

    private static void assertRecoloured(byte[] profile) {
        FlawedObject flawed = assertThrows(
                FlawedObject.class, () -> PngStructure.read(octets(png("iCCP", packed(profile))), MAX_PIXELS));
        assertEquals(Flaw.RECOLOURED, flawed.flaw());
    }

    private static void assertHarmless(HandMadeProfile profile) {
        assertDoesNotThrow(() -> PngStructure.read(octets(png("iCCP", packed(profile.bytes()))), MAX_PIXELS));
    }

    private static HandMadeProfile curved(byte[] curve) {
        return HandMadeProfile.of(curve, HandMadeProfile.RED, HandMadeProfile.GREEN, HandMadeProfile.BLUE);
    }

    @Test
    void pngOfAStrangeGammaIsRefused() throws Exception {
        for (int gamma : new int[] {45_455, 55_556, 45_000, 40_000}) {
            PngStructure.read(octets(png("gAMA", u32(gamma))), MAX_PIXELS);
        }
        for (int gamma : new int[] {0, 1, 1_000, 20_000, 100_000, 2_000_000, -1}) {
            byte[] object = png("gAMA", u32(gamma));
            FlawedObject flawed =
                    assertThrows(FlawedObject.class, () -> PngStructure.read(octets(object), MAX_PIXELS), "" + gamma);
            assertEquals(Flaw.RECOLOURED, flawed.flaw());
        }
        byte[] linear = png("cICP", new byte[] {1, 8, 0, 1});
        assertThrows(FlawedObject.class, () -> PngStructure.read(octets(linear), MAX_PIXELS));
        PngStructure.read(octets(png("cICP", new byte[] {12, 13, 0, 1})), MAX_PIXELS);
    }

    @Test
    void usualProfilesAreHarmless() {
        assertHarmless(HandMadeProfile.usual());
        assertHarmless(curved(HandMadeProfile.gamma(1.8)));
        assertHarmless(curved(HandMadeProfile.parametric(3, 2.4, 0.9478, 0.0521, 0.0774, 0.0405)));
        assertHarmless(curved(HandMadeProfile.table(i -> (int) (65_535 * Math.pow(i / 255.0, 2.2)))));
        // Adobe RGB, Display P3 and ProPhoto.
        byte[] curve = HandMadeProfile.gamma(2.2);
        assertHarmless(HandMadeProfile.of(
                curve, new double[] {0.6097, 0.3111, 0.0195}, new double[] {0.2053, 0.6257, 0.0609}, new double[] {
                    0.1492, 0.0632, 0.7446
                }));
        assertHarmless(HandMadeProfile.of(
                curve, new double[] {0.5151, 0.2412, -0.0011}, new double[] {0.2919, 0.6922, 0.0419}, new double[] {
                    0.1572, 0.0666, 0.7841
                }));
        assertHarmless(HandMadeProfile.of(
                HandMadeProfile.gamma(1.8),
                new double[] {0.7977, 0.2880, 0},
                new double[] {0.1352, 0.7119, 0},
                new double[] {0.0313, 0.0001, 0.8249}));
        assertHarmless(new HandMadeProfile("GRAY").tag("kTRC", HandMadeProfile.gamma(2.2)));
    }

    @Test
    void profileThatMakesAPictureOutOfWhatLooksBlackIsRefused() {
        assertRecoloured(BRIGHTER);
        assertRecoloured(curved(HandMadeProfile.gamma(1)).bytes());
        assertRecoloured(
                curved(HandMadeProfile.table(i -> Math.min(65_535, i * 8_000))).bytes());
        // Every second shade is dark.
        assertRecoloured(curved(HandMadeProfile.table(i ->
                        (int) (65_535 * Math.pow((i & ~15) / 255.0, 2.2)) >> (i & 1)))
                .bytes());
        assertRecoloured(new HandMadeProfile("GRAY")
                .tag("kTRC", HandMadeProfile.gamma(0.4))
                .bytes());
        byte[] curve = HandMadeProfile.gamma(2.2);
        double[] glaring = {43, 22, 1};
        assertRecoloured(HandMadeProfile.of(curve, glaring, HandMadeProfile.GREEN, HandMadeProfile.BLUE)
                .bytes());
        assertRecoloured(HandMadeProfile.of(curve, HandMadeProfile.BLUE, HandMadeProfile.GREEN, HandMadeProfile.RED)
                .bytes());
        assertRecoloured(HandMadeProfile.usual().tag("A2B0", new byte[32]).bytes());
        assertRecoloured(Arrays.copyOf(HandMadeProfile.usual().bytes(), 200));
        assertRecoloured(new byte[0]);
    }

    @Test
    void damagedProfileIsAnsweredWithAFlawOrNone() {
        Random random = new Random(50);
        List<byte[]> whole = List.of(
                HandMadeProfile.usual().bytes(),
                curved(HandMadeProfile.parametric(4, 2.4, 0.9478, 0.0521, 0.0774, 0.0405, 0, 0))
                        .bytes(),
                curved(HandMadeProfile.table(i -> i * 257)).bytes());
        for (int i = 0; i < 6_000; i++) {
            byte[] damaged = whole.get(i % whole.size()).clone();
            for (int changes = 1 + random.nextInt(8); changes > 0; changes--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                PngStructure.read(octets(png("iCCP", packed(damaged))), MAX_PIXELS);
            } catch (FlawedObject flawed) {
                assertEquals(Flaw.RECOLOURED, flawed.flaw());
            } catch (Exception other) {
                fail("damage " + i, other);
            }
        }
    }

    @Test
    void profileCountsInEveryFormat() throws Exception {
        byte[] usual = HandMadeProfile.usual().bytes();
        JpegStructure.read(octets(jpeg(usual)), MAX_PIXELS);
        WebpStructure.read(octets(webp(usual)), MAX_PIXELS);
        byte[] jpeg = jpeg(BRIGHTER);
        byte[] webp = webp(BRIGHTER);
        for (FlawedObject flawed : List.of(
                assertThrows(FlawedObject.class, () -> JpegStructure.read(octets(jpeg), MAX_PIXELS)),
                assertThrows(FlawedObject.class, () -> WebpStructure.read(octets(webp), MAX_PIXELS)))) {
            assertEquals(Flaw.RECOLOURED, flawed.flaw());
        }
    }

    @Test
    void bitmapWithGammasOfItsOwnIsRefused() {
        BmpStructure.read(octets(bitmap(0x7352_4742, 1)), MAX_PIXELS);
        BmpStructure.read(octets(bitmap(0, 0)), MAX_PIXELS);
        BmpStructure.read(octets(bitmap(0, 144_179)), MAX_PIXELS);
        for (byte[] bitmap : List.of(bitmap(0, 30_000), bitmap(0, 1_000_000), bitmap(0x4d42_4544, 0))) {
            FlawedObject flawed = assertThrows(FlawedObject.class, () -> BmpStructure.read(octets(bitmap), MAX_PIXELS));
            assertEquals(Flaw.RECOLOURED, flawed.flaw());
        }
    }

    private static byte[] bitmap(int colours, int gamma) {
        ByteBuffer bitmap = ByteBuffer.allocate(14 + 108 + 16).order(ByteOrder.LITTLE_ENDIAN);
        bitmap.put((byte) 'B').put((byte) 'M').putInt(0).putInt(0).putInt(122);
        bitmap.putInt(108).putInt(2).putInt(2).putShort((short) 1).putShort((short) 32);
        bitmap.putInt(70, colours).putInt(110, gamma).putInt(114, gamma).putInt(118, gamma);
        return bitmap.array();
    }
}
