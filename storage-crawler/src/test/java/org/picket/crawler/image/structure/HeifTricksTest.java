package org.picket.crawler.image.structure;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.Vectors;

/// AVIFs that some viewers would show otherwise than they are looked at here.
class HeifTricksTest {

    private static final long MAX_PIXELS = 1_000_000;
    /// Where the list of properties of the alpha plane begins, behind that of the picture, and where that one does.
    private static final int OF_ALPHA = 18;

    private static final int OF_PICTURE = 11;

    private static HeifStructure.Still read(byte[] file) {
        return HeifStructure.read(new Octets(file, file.length), Format.AVIF, MAX_PIXELS)
                .still()
                .orElseThrow();
    }

    private static void assertFlaw(Flaw flaw, byte[] file) {
        assertEquals(flaw, assertThrows(FlawedObject.class, () -> read(file)).flaw());
    }

    private static byte[] with(byte[] file, int at, int... values) {
        byte[] changed = file.clone();
        for (int i = 0; i < values.length; i++) {
            changed[at + i] = (byte) values[i];
        }
        return changed;
    }

    /// With the numbers of properties put where the picture or its alpha has them.
    private static byte[] associated(byte[] file, int at, int... properties) {
        return with(file, Boxes.find(file, "ipma") + 4 + at, properties);
    }

    /// With a box more at the end of one in `meta`, which moves to the end of the file so that nothing else moves.
    private static byte[] inMeta(byte[] file, byte[] added, String... path) {
        byte[] meta = Boxes.copyOf(file, "meta");
        byte[] rest = file.clone();
        System.arraycopy(Boxes.ascii("free"), 0, rest, Boxes.find(file, "meta"), 4);
        String[] whole = new String[path.length + 1];
        whole[0] = "meta";
        System.arraycopy(path, 0, whole, 1, path.length);
        return Boxes.join(rest, Boxes.insert(meta, added, whole));
    }

    private static byte[] u16(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length);
        Arrays.stream(values).forEach(value -> bytes.putShort((short) value));
        return bytes.array();
    }

    private static byte[] u32(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        Arrays.stream(values).forEach(bytes::putInt);
        return bytes.array();
    }

    @Test
    void planeWhoseNameOnlyBeginsAsAlphaIsRefused() throws Exception {
        byte[] still = Vectors.read("alpha.avif");
        assertTrue(read(still).header().alpha());
        int name = Boxes.find(still, "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha");
        assertFlaw(Flaw.HEIF_ITEM, with(still, name + 43, 'x'));
        assertFalse(read(with(still, name + 42, 'x')).header().alpha());
    }

    @Test
    void planeWithSomethingEssentialThatIsUnknownIsRefused() throws Exception {
        byte[] still = Vectors.read("alpha.avif");
        byte[] strange = Boxes.replace(still, "pixi", "abcd");
        assertTrue(read(strange).header().alpha());
        assertFlaw(Flaw.HEIF_ITEM, associated(strange, OF_ALPHA + 1, 0x85));
    }

    @Test
    void itemOfWhichOneOfSeveralPicturesIsChosenIsRefused() throws Exception {
        byte[] still = Vectors.read("alpha.avif");
        for (String choice : new String[] {"lsel", "a1op"}) {
            assertFlaw(Flaw.HEIF_ITEM, Boxes.replace(still, "pixi", choice));
        }
    }

    @Test
    void alphaThatIsSomethingElseTooIsAFlaw() throws Exception {
        byte[] still = Vectors.read("alpha.avif");
        assertDoesNotThrow(() -> read(inMeta(still, Boxes.box("free"))));
        byte[] thumbnail = Boxes.box("thmb", u16(2, 1, 1));
        assertFlaw(Flaw.STRUCTURE, inMeta(still, thumbnail, "iref"));
        byte[] other = Boxes.box("auxl", u16(2, 1, 3));
        assertFlaw(Flaw.STRUCTURE, inMeta(still, other, "iref"));
    }

    @Test
    void pictureOfWhichLittleIsShownIsRefused() throws Exception {
        byte[] still = Vectors.read("420.avif");
        byte[] most = Boxes.box("clap", u32(96, 1, 64, 1, 0, 1, 0, 1));
        byte[] little = Boxes.box("clap", u32(10, 1, 72, 1, 0, 1, 0, 1));
        byte[] nothing = Boxes.box("clap", u32(96, 0, 72, 1, 0, 1, 0, 1));
        for (byte[] clap : new byte[][] {most, little, nothing}) {
            byte[] cropped = inMeta(still, clap, "iprp", "ipco");
            byte[] used = cropped.clone();
            used[Boxes.findLast(cropped, "ipma") + 4 + OF_PICTURE + 1] = 5;
            if (clap == most) {
                assertDoesNotThrow(() -> read(used));
            } else {
                assertFlaw(Flaw.CROPPED, used);
            }
        }
    }

    @Test
    void profileOfAStillCounts() throws Exception {
        byte[] still = Vectors.read("420.avif");
        byte[] profile = Boxes.box("colr", Boxes.ascii("prof"), new byte[200]);
        byte[] with = inMeta(still, profile, "iprp", "ipco");
        with[Boxes.findLast(with, "ipma") + 4 + OF_PICTURE + 1] = 5;
        assertFlaw(Flaw.RECOLOURED, with);
        byte[] linear = still.clone();
        linear[Boxes.find(still, "nclx") + 7] = 8;
        assertFlaw(Flaw.RECOLOURED, linear);
    }

    /// Of two pictures in one item, some decoders give the first, and this one the last.
    @Test
    void itemOfTwoPicturesIsAFlaw() throws Exception {
        byte[] still = Vectors.read("420.avif");
        byte[] data = read(still).colour().tiles().getFirst().data();
        Av1Headers.checkOne(data, 0, data.length);
        byte[] twice = Boxes.join(data, data);
        byte[] file = Boxes.join(still, twice);
        int place = Boxes.find(file, "iloc") + 4 + 14;
        ByteBuffer.wrap(file).putInt(place, still.length).putInt(place + 4, twice.length);
        assertFlaw(Flaw.STRUCTURE, file);
    }

    @Test
    void sampleOfTwoPicturesIsAFlaw() throws Exception {
        byte[] film = Vectors.read("av1.mp4");
        Samples samples =
                MovieStructure.film(new Octets(film, film.length), MAX_PIXELS).samples();
        for (int i = 0; i < samples.count(); i++) {
            Av1Headers.check(film, samples.from(i), samples.length(i), MAX_PIXELS);
        }
        byte[] first = Arrays.copyOfRange(film, samples.from(0), samples.from(0) + samples.length(0));
        byte[] twice = Boxes.join(first, first);
        FlawedObject flawed =
                assertThrows(FlawedObject.class, () -> Av1Headers.check(twice, 0, twice.length, MAX_PIXELS));
        assertEquals(Flaw.STRUCTURE, flawed.flaw());
    }
}
