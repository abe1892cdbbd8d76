package org.picket.crawler.image.structure;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
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

    private static byte[] track(String handler) {
        return Boxes.box("trak", Boxes.box("mdia", Boxes.box("hdlr", new byte[8], Boxes.ascii(handler), new byte[12])));
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
            assertDoesNotThrow(() -> film(Boxes.insert(film, track(handler), "moov")), handler);
        }
        assertFlaw(Flaw.SEVERAL_TRACKS, Boxes.insert(film, track("vide"), "moov"));
        assertFlaw(Flaw.SEVERAL_TRACKS, Boxes.insert(film, track("abcd"), "moov"));
        assertFlaw(Flaw.SEVERAL_TRACKS, Boxes.insert(film, Boxes.box("trak"), "moov"));
        assertFlaw(Flaw.STRUCTURE, Boxes.replace(film, "vide", "abcd"));
    }

    @Test
    void trackWithPicturesCountsWhateverItsHandlerSays() throws Exception {
        byte[] film = Vectors.read(FILM);
        byte[] other = Boxes.copyOf(film, "trak");
        // Another number, so that this is not what is found.
        other[Boxes.find(other, "tkhd") + 4 + 15] = 9;
        for (String handler : List.of("soun", "meta", "text", "hint")) {
            byte[] disguised = Boxes.replace(other, "vide", handler);
            assertFlaw(Flaw.SEVERAL_TRACKS, Boxes.insert(film, disguised, "moov"));
            byte[] strange = Boxes.replace(Boxes.replace(disguised, "vmhd", "free"), "avc1", "mjpa");
            assertFlaw(Flaw.SEVERAL_TRACKS, Boxes.insert(film, strange, "moov"));
            assertFlaw(Flaw.STRUCTURE, Boxes.replace(film, "vide", handler));
            assertDoesNotThrow(() -> film(Boxes.insert(film, Boxes.replace(strange, "mjpa", "mp4a"), "moov")), handler);
        }
    }

    @Test
    void numberThatTwoTracksHaveIsAFlaw() throws Exception {
        byte[] film = Vectors.read(FILM);
        byte[] sound = Boxes.replace(
                Boxes.replace(Boxes.replace(Boxes.copyOf(film, "trak"), "vide", "soun"), "vmhd", "free"),
                "avc1",
                "mp4a");
        assertFlaw(Flaw.STRUCTURE, Boxes.insert(film, sound, "moov"));
        byte[] fragmented = Vectors.read("fragmented.mp4");
        assertFlaw(Flaw.STRUCTURE, Boxes.insert(fragmented, Boxes.copyOf(fragmented, "trex"), "moov", "mvex"));
    }

    @Test
    void tableThatIsThereTwiceIsAFlaw() throws Exception {
        byte[] film = Vectors.read(FILM);
        String[] stbl = {"moov", "trak", "mdia", "minf", "stbl"};
        for (String table : List.of("stco", "stsz", "stsc", "stts", "stss")) {
            assertFlaw(Flaw.STRUCTURE, Boxes.insert(film, Boxes.copyOf(film, table), stbl));
        }
        assertFlaw(Flaw.STRUCTURE, Boxes.insert(film, Boxes.box("co64", new byte[16]), stbl));
        assertFlaw(Flaw.STRUCTURE, Boxes.insert(film, Boxes.box("stz2", new byte[16]), stbl));
        assertDoesNotThrow(() -> film(Boxes.insert(film, Boxes.box("free"), stbl)));
    }

    @Test
    void filmWithAStillPictureIsAFlaw() throws Exception {
        byte[] film = Vectors.read(FILM);
        assertDoesNotThrow(() -> film(Boxes.join(film, Boxes.box("meta", new byte[4], Boxes.box("hdlr")))));
        assertFlaw(Flaw.STRUCTURE, Boxes.join(film, Boxes.box("meta", new byte[4], Boxes.box("pitm", new byte[6]))));
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
        System.arraycopy(still, Boxes.find(still, "infe") + 8, types, Boxes.findLast(still, "infe") + 8, 2);
        assertBadStill(types);
        byte[] places = still.clone();
        int iloc = Boxes.find(still, "iloc") + 4;
        int sizes = (still[iloc + 4] >> 4 & 15) + (still[iloc + 4] & 15);
        int item = 6 + (still[iloc] == 0 ? 0 : 2) + (still[iloc + 5] >> 4 & 15) + sizes;
        System.arraycopy(still, iloc + 8, places, iloc + 8 + item, 2);
        assertBadStill(places);
    }

    @Test
    void propertyThatIsNamedTwiceIsAFlaw() throws Exception {
        byte[] still = Vectors.read("alpha.avif");
        int ipma = Boxes.find(still, "ipma") + 4;
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
        byte[] brands = Boxes.box("ftyp", Boxes.ascii("isom"), new byte[4], Boxes.ascii("isom"), Boxes.ascii("heic"));
        assertEquals(Optional.of(Format.HEIC), Format.sniff(brands, brands.length));
        byte[] film = Boxes.box("ftyp", Boxes.ascii("isom"), new byte[4], Boxes.ascii("isom"), Boxes.ascii("avc1"));
        assertEquals(Optional.of(Format.MP4), Format.sniff(film, film.length));
        byte[] cut = Arrays.copyOf(film, 9);
        assertEquals(Optional.of(Format.MP4), Format.sniff(cut, cut.length));
    }

    /// The decoder of AV1 would take these pictures for key frames, and show something else than players do, if it
    /// were the one that had decoded the pictures before.
    @Test
    void av1PictureThatIsFalselyCalledAKeyFrameYieldsNoView() throws Exception {
        byte[] film = Vectors.read("av1.mp4");
        int second = Boxes.find(film, "stss") + 4 + 8 + 4;
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS)) {
            assertInstanceOf(Decoded.Views.class, pool.decode(film, film.length, 48));
            for (int number : new int[] {2, 8, 9, 12, 20}) {
                film[second + 3] = (byte) number;
                assertInstanceOf(Decoded.Undecodable.class, pool.decode(film, film.length, 48), "" + number);
            }
        }
    }

    private static byte[] edits(byte[] film, int... rows) {
        ByteBuffer list = ByteBuffer.allocate(8 + 4 * rows.length)
                .putInt(4, rows.length / 3)
                .position(8);
        Arrays.stream(rows).forEach(list::putInt);
        byte[] own = Boxes.find(film, "edts") < 0 ? film : Boxes.replace(film, "edts", "free");
        return Boxes.insert(own, Boxes.box("edts", Boxes.box("elst", list.array())), "moov", "trak");
    }

    @Test
    void filmOfWhichLittleIsShownIsRefused() throws Exception {
        byte[] film = Vectors.read(FILM);
        int mvhd = Boxes.find(film, "mvhd") + 4;
        int length = ByteBuffer.wrap(film).getInt(mvhd + 16);
        int once = 1 << 16;
        assertDoesNotThrow(() -> film(edits(film, length, 0, once)));
        assertDoesNotThrow(() -> film(edits(film, 500, -1, once, length, 0, once)));
        assertDoesNotThrow(() -> film(edits(film, 0, 0, once)), "of no known end");
        assertFlaw(Flaw.CROPPED, edits(film, length / 5, 0, once));
        assertFlaw(Flaw.CROPPED, edits(film, length, -1, once));
        assertFlaw(Flaw.CROPPED, edits(film, length, 0, 0));
        int[] again = new int[30];
        for (int i = 0; i < again.length; i += 3) {
            again[i] = length / 5;
            again[i + 2] = once;
        }
        assertFlaw(Flaw.CROPPED, edits(film, again));
    }

    @Test
    void filmOfWhichLittleOfEachPictureIsShownIsRefused() throws Exception {
        byte[] film = Vectors.read(FILM);
        String[] entry = {"moov", "trak", "mdia", "minf", "stbl", "stsd", "avc1"};
        byte[] clap = ByteBuffer.allocate(32)
                .putInt(4)
                .putInt(1)
                .putInt(4)
                .putInt(1)
                .putInt(20, 1)
                .putInt(28, 1)
                .array();
        assertFlaw(Flaw.CROPPED, Boxes.insert(film, Boxes.box("clap", clap), entry));
    }

    /// Places count from where the box begins, or from half-way into a head of sixteen bytes, as some parsers have it.
    @Test
    void fragmentWithALongHeadIsAFlaw() throws Exception {
        byte[] film = Vectors.read("fragmented.mp4");
        int moof = Boxes.find(film, "moof") - 4;
        int size = ByteBuffer.wrap(film).getInt(moof);
        byte[] head = ByteBuffer.allocate(16)
                .putInt(1)
                .put(Boxes.ascii("moof"))
                .putLong(size + 8L)
                .array();
        byte[] longer = Boxes.join(Arrays.copyOf(film, moof), head, Arrays.copyOfRange(film, moof + 8, film.length));
        assertFlaw(Flaw.STRUCTURE, longer);
    }

    @Test
    void runsOfChunksThatAreOutOfOrderAreAFlaw() throws Exception {
        byte[] film = Vectors.read(FILM);
        byte[] runs = Boxes.copyOf(film, "stsc");
        int perChunk = ByteBuffer.wrap(runs).getInt(20);
        String[] stbl = {"moov", "trak", "mdia", "minf", "stbl"};
        byte[] without = Boxes.replace(film, "stsc", "free");
        for (int[] firsts : new int[][] {{1}, {2}, {0}, {1, 1}, {1, 3, 2}}) {
            ByteBuffer table = ByteBuffer.allocate(8 + 12 * firsts.length)
                    .putInt(4, firsts.length)
                    .position(8);
            for (int first : firsts) {
                table.putInt(first).putInt(perChunk).putInt(1);
            }
            byte[] changed = Boxes.insert(without, Boxes.box("stsc", table.array()), stbl);
            if (firsts.length == 1 && firsts[0] == 1) {
                assertDoesNotThrow(() -> film(changed));
            } else {
                assertFlaw(Flaw.STRUCTURE, changed);
            }
        }
    }

    @Test
    void mpeg4SampleOfTwoPicturesIsAFlaw() throws Exception {
        byte[] film = Vectors.read("mpeg4.mp4");
        Samples samples = film(film).samples();
        for (int i = 0; i < samples.count(); i++) {
            Mpeg4Pictures.checkOne(film, samples.from(i), samples.length(i));
        }
        byte[] first = Arrays.copyOfRange(film, samples.from(0), samples.from(0) + samples.length(0));
        byte[] twice = Boxes.join(first, first);
        assertThrows(FlawedObject.class, () -> Mpeg4Pictures.checkOne(twice, 0, twice.length));
    }

    @Test
    void fragmentThatIsPlacedByTheOneBeforeItIsAFlaw() throws Exception {
        byte[] film = Vectors.read("fragmented.mp4");
        byte[] traf = Boxes.copyOf(film, "traf");
        byte[] two = Boxes.insert(film, traf, "moof");
        int first = Boxes.find(two, "tfhd") + 4;
        ByteBuffer.wrap(two).putInt(first + 4, 99);
        assertDoesNotThrow(() -> film(two));
        two[first + Boxes.find(Arrays.copyOfRange(two, first, two.length), "tfhd") + 5] &= ~2;
        assertFlaw(Flaw.STRUCTURE, two);
    }

    @Test
    void timesBeyondAllMeasureStayInOrder() {
        assertEquals(0, Times.millis(Long.MIN_VALUE, 1));
        long longest = Times.millis(Long.MAX_VALUE, 1);
        assertTrue(longest > 0);
        assertEquals(longest, Times.millis(Long.MAX_VALUE - 1, 1));
        assertTrue(Times.millis(Long.MAX_VALUE, 1_000) <= longest);
        assertEquals(1_500, Times.millis(3, 2));
    }

    /// Parsers that take boxes wherever they are would show what these name.
    @Test
    void boxOutsideOfItsPlaceIsAFlaw() throws Exception {
        byte[] film = Vectors.read(FILM);
        String[] path = {"moov", "trak", "mdia", "minf"};
        for (String table : List.of("stco", "stsz", "stsc", "stts", "stss", "stsd", "avcC")) {
            byte[] copy = Boxes.copyOf(film, table);
            for (int depth = 1; depth <= path.length; depth++) {
                assertFlaw(Flaw.STRUCTURE, Boxes.insert(film, copy, Arrays.copyOf(path, depth)));
            }
            byte[] tags = Boxes.box("udta", copy, new byte[4]);
            assertFlaw(Flaw.STRUCTURE, Boxes.insert(film, tags, "moov", "trak"));
            byte[] meta = Boxes.box("meta", new byte[4], Boxes.box("hdlr", new byte[25]), copy);
            assertFlaw(Flaw.STRUCTURE, Boxes.insert(film, meta, "moov"));
            byte[] broken = Boxes.box("udta", copy);
            ByteBuffer.wrap(broken).putInt(8, 1 << 20);
            assertFlaw(Flaw.STRUCTURE, Boxes.insert(film, broken, "moov"));
            assertFlaw(Flaw.STRUCTURE, Boxes.join(film, copy));
        }
        byte[] tags = Boxes.box("udta", Boxes.box("name", Boxes.ascii("any")), new byte[4], Boxes.ascii("no box"));
        assertDoesNotThrow(() -> film(Boxes.insert(film, tags, "moov", "trak")));
    }

    @Test
    void secondFilmUnderAnotherNameIsAFlaw() throws Exception {
        byte[] film = Vectors.read(FILM);
        byte[] moov = Boxes.copyOf(film, "moov");
        byte[] hidden = moov.clone();
        System.arraycopy(Boxes.ascii("hoov"), 0, hidden, 4, 4);
        assertFlaw(Flaw.STRUCTURE, Boxes.join(film, hidden));
        assertFlaw(Flaw.STRUCTURE, Boxes.insert(film, moov, "moov"));
        byte[] track = Boxes.copyOf(film, "trak");
        assertFlaw(Flaw.STRUCTURE, Boxes.join(film, track));
        ByteBuffer.wrap(track).putInt(0, 1 << 20);
        assertFlaw(Flaw.ENDS_EARLY, Boxes.join(film, track));
    }
}
