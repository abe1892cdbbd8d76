package org.picket.crawler.image.structure;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.Decoded;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.image.Vectors;

/// Files that some players would show otherwise than they are looked at here.
class MovieTricksTest {

    private static final long MAX_PIXELS = 1_000_000;
    /// Its `moov` box is the last, so that boxes can be added without moving the pictures.
    private static final String FILM = "single-key.mp4";

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] box(String type, byte[]... body) {
        byte[] inside = join(body);
        return join(ByteBuffer.allocate(4).putInt(8 + inside.length).array(), ascii(type), inside);
    }

    private static int find(byte[] file, String type) {
        return new String(file, StandardCharsets.ISO_8859_1).indexOf(type);
    }

    private static int findLast(byte[] file, String type) {
        return new String(file, StandardCharsets.ISO_8859_1).lastIndexOf(type);
    }

    /// Puts a box at the end of the innermost of the boxes named, each inside the one before.
    private static byte[] insert(byte[] file, byte[] added, String... path) {
        byte[] grown = file.clone();
        int end = file.length;
        int from = 0;
        for (String type : path) {
            int at = from + find(Arrays.copyOfRange(file, from, end), type) - 4;
            ByteBuffer sizes = ByteBuffer.wrap(grown);
            end = at + sizes.getInt(at);
            sizes.putInt(at, sizes.getInt(at) + added.length);
            from = at + 8;
        }
        return join(Arrays.copyOf(grown, end), added, Arrays.copyOfRange(grown, end, grown.length));
    }

    private static byte[] copyOf(byte[] file, String type) {
        int at = find(file, type) - 4;
        return Arrays.copyOfRange(file, at, at + ByteBuffer.wrap(file).getInt(at));
    }

    private static byte[] replace(byte[] file, String type, String other) {
        byte[] changed = file.clone();
        System.arraycopy(ascii(other), 0, changed, findLast(file, type), 4);
        return changed;
    }

    private static byte[] track(String handler) {
        return box("trak", box("mdia", box("hdlr", new byte[8], ascii(handler), new byte[12])));
    }

    private static Track film(byte[] file) {
        return MovieStructure.film(new Octets(file, file.length), MAX_PIXELS);
    }

    private static void assertFlaw(Flaw flaw, byte[] film) {
        FlawedObject thrown = assertThrows(FlawedObject.class, () -> film(film));
        assertEquals(flaw, thrown.flaw());
    }

    @Test
    void trackOfAnUnknownKindCountsAsPictures() throws Exception {
        byte[] film = Vectors.read(FILM);
        for (String handler : List.of("soun", "text", "sbtl", "subt", "clcp", "meta", "hint", "tmcd")) {
            assertDoesNotThrow(() -> film(insert(film, track(handler), "moov")), handler);
        }
        assertFlaw(Flaw.SEVERAL_TRACKS, insert(film, track("vide"), "moov"));
        assertFlaw(Flaw.SEVERAL_TRACKS, insert(film, track("abcd"), "moov"));
        assertFlaw(Flaw.SEVERAL_TRACKS, insert(film, box("trak"), "moov"));
        assertFlaw(Flaw.STRUCTURE, replace(film, "vide", "abcd"));
    }

    @Test
    void trackWithPicturesCountsWhateverItsHandlerSays() throws Exception {
        byte[] film = Vectors.read(FILM);
        byte[] other = copyOf(film, "trak");
        // Another number, so that this is not what is found.
        other[find(other, "tkhd") + 4 + 15] = 9;
        for (String handler : List.of("soun", "meta", "text", "hint")) {
            byte[] disguised = replace(other, "vide", handler);
            assertFlaw(Flaw.SEVERAL_TRACKS, insert(film, disguised, "moov"));
            byte[] strange = replace(replace(disguised, "vmhd", "free"), "avc1", "mjpa");
            assertFlaw(Flaw.SEVERAL_TRACKS, insert(film, strange, "moov"));
            assertFlaw(Flaw.STRUCTURE, replace(film, "vide", handler));
            assertDoesNotThrow(() -> film(insert(film, replace(strange, "mjpa", "mp4a"), "moov")), handler);
        }
    }

    @Test
    void numberThatTwoTracksHaveIsAFlaw() throws Exception {
        byte[] film = Vectors.read(FILM);
        byte[] sound = replace(replace(replace(copyOf(film, "trak"), "vide", "soun"), "vmhd", "free"), "avc1", "mp4a");
        assertFlaw(Flaw.STRUCTURE, insert(film, sound, "moov"));
        byte[] fragmented = Vectors.read("fragmented.mp4");
        assertFlaw(Flaw.STRUCTURE, insert(fragmented, copyOf(fragmented, "trex"), "moov", "mvex"));
    }

    @Test
    void tableThatIsThereTwiceIsAFlaw() throws Exception {
        byte[] film = Vectors.read(FILM);
        String[] stbl = {"moov", "trak", "mdia", "minf", "stbl"};
        for (String table : List.of("stco", "stsz", "stsc", "stts", "stss")) {
            assertFlaw(Flaw.STRUCTURE, insert(film, copyOf(film, table), stbl));
        }
        assertFlaw(Flaw.STRUCTURE, insert(film, box("co64", new byte[16]), stbl));
        assertFlaw(Flaw.STRUCTURE, insert(film, box("stz2", new byte[16]), stbl));
        assertDoesNotThrow(() -> film(insert(film, box("free"), stbl)));
    }

    @Test
    void filmWithAStillPictureIsAFlaw() throws Exception {
        byte[] film = Vectors.read(FILM);
        assertDoesNotThrow(() -> film(join(film, box("meta", new byte[4], box("hdlr")))));
        assertFlaw(Flaw.STRUCTURE, join(film, box("meta", new byte[4], box("pitm", new byte[6]))));
    }

    private static void assertBadStill(byte[] file) {
        Octets octets = new Octets(file, file.length);
        IsoBox meta = IsoBox.required(IsoBox.top(octets), "meta");
        FlawedObject thrown =
                assertThrows(FlawedObject.class, () -> HeifStructure.read(octets, meta, Format.AVIF, MAX_PIXELS));
        assertEquals(Flaw.STRUCTURE, thrown.flaw());
    }

    @Test
    void itemThatIsNamedTwiceIsAFlaw() throws Exception {
        byte[] still = Vectors.read("alpha.avif");
        byte[] types = still.clone();
        System.arraycopy(still, find(still, "infe") + 8, types, findLast(still, "infe") + 8, 2);
        assertBadStill(types);
        byte[] places = still.clone();
        int iloc = find(still, "iloc") + 4;
        int sizes = (still[iloc + 4] >> 4 & 15) + (still[iloc + 4] & 15);
        int item = 6 + (still[iloc] == 0 ? 0 : 2) + (still[iloc + 5] >> 4 & 15) + sizes;
        System.arraycopy(still, iloc + 8, places, iloc + 8 + item, 2);
        assertBadStill(places);
    }

    @Test
    void propertyThatIsNamedTwiceIsAFlaw() throws Exception {
        byte[] still = Vectors.read("alpha.avif");
        int ipma = find(still, "ipma") + 4;
        int first = ipma + 8;
        int second = first + 3 + still[first + 2];
        byte[] items = still.clone();
        System.arraycopy(still, first, items, second, 2);
        assertBadStill(items);
        byte[] indices = still.clone();
        Arrays.fill(indices, first + 3, second, still[first + 3]);
        assertBadStill(indices);
    }

    @Test
    void compatibleBrandTellsAPictureToo() {
        byte[] brands = box("ftyp", ascii("isom"), new byte[4], ascii("isom"), ascii("heic"));
        assertEquals(Optional.of(Format.HEIC), Format.sniff(brands, brands.length));
        byte[] film = box("ftyp", ascii("isom"), new byte[4], ascii("isom"), ascii("avc1"));
        assertEquals(Optional.of(Format.MP4), Format.sniff(film, film.length));
        byte[] cut = Arrays.copyOf(film, 9);
        assertEquals(Optional.of(Format.MP4), Format.sniff(cut, cut.length));
    }

    /// The decoder of AV1 would take these pictures for key frames, and show something else than players do, if it
    /// were the one that had decoded the pictures before.
    @Test
    void av1PictureThatIsFalselyCalledAKeyFrameYieldsNoView() throws Exception {
        byte[] film = Vectors.read("av1.mp4");
        int second = find(film, "stss") + 4 + 8 + 4;
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS)) {
            assertInstanceOf(Decoded.Views.class, pool.decode(film, film.length, 48));
            for (int number : new int[] {2, 8, 9, 12, 20}) {
                film[second + 3] = (byte) number;
                assertInstanceOf(Decoded.Undecodable.class, pool.decode(film, film.length, 48), "" + number);
            }
        }
    }
}
