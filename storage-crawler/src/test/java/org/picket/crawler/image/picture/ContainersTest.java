package org.picket.crawler.image.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.Decoded;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.image.DecoderProbes;
import org.picket.crawler.image.Vectors;
import org.picket.crawler.image.View;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.Format;
import org.picket.crawler.image.structure.Reason;

/// AVIF, HEIC, MP4, WebM and their kin (see `make-containers.py` beside the vectors).
class ContainersTest {

    private static final int SIZE = 48;
    /// What lossy coding of the frozen pictures may change, of 255 on average.
    private static final double LOSS = 4;

    private static final List<String> VIDEOS = List.of(
            "h264.mp4",
            "single-key.mp4",
            "open-group.mp4",
            "fragmented.mp4",
            "hevc-10.mp4",
            "mpeg4.mp4",
            "av1.mp4",
            "vp8.webm",
            "vp9.webm",
            "live.webm",
            "h264.mkv");
    private static final List<String> STILLS = List.of(
            "420.avif",
            "444-10.avif",
            "limited.avif",
            "lossless.avif",
            "grey.avif",
            "alpha.avif",
            "grid.avif",
            "still.heic",
            "alpha.heic");
    private static final int[][] COLOURS = {
        {200, 40, 40}, {40, 160, 60}, {50, 70, 200}, {210, 200, 60}, {30, 30, 30}, {190, 90, 200}
    };

    private static DecoderPool pool;

    @BeforeAll
    static void open() {
        pool = new DecoderPool(Vectors.SETTINGS);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    private static List<View> views(String name) throws Exception {
        byte[] object = Vectors.read(name);
        return assertInstanceOf(Decoded.Views.class, pool.decode(object, object.length, SIZE), name)
                .views();
    }

    private static double difference(View one, View other) {
        long sum = 0;
        for (int i = 0; i < one.pixels().length; i++) {
            sum += Math.abs((one.pixels()[i] & 0xff) - (other.pixels()[i] & 0xff));
        }
        return (double) sum / one.pixels().length;
    }

    private static void assertAlike(String expected, String name, double loss) throws Exception {
        List<View> wanted = views(expected);
        List<View> given = views(name);
        assertEquals(wanted.size(), given.size(), name);
        for (int i = 0; i < wanted.size(); i++) {
            double difference = difference(wanted.get(i), given.get(i));
            assertTrue(difference <= loss, name + " view " + i + " differs by " + difference);
        }
    }

    @Test
    void losslessPicturesAreExact() throws Exception {
        for (String[] pair : new String[][] {
            {"scene.png", "lossless.avif"}, {"clear-scene.png", "alpha.avif"}, {"turned-scene.png", "turned.avif"}
        }) {
            assertAlike(pair[0], pair[1], 0);
        }
    }

    @Test
    void lossyPicturesAreAlikeInEveryLayout() throws Exception {
        for (String name : List.of("420.avif", "444-10.avif", "limited.avif", "still.heic")) {
            assertAlike("scene.png", name, LOSS);
        }
        assertAlike("grey-scene.png", "grey.avif", LOSS);
        assertAlike("clear-scene.png", "alpha.heic", LOSS);
        assertAlike("large-scene.png", "grid.avif", LOSS);
    }

    @Test
    void bitmapsAreExact() throws Exception {
        assertAlike("scene.png", "scene.bmp", 0);
        assertAlike("palette-scene.png", "palette.bmp", 0);
    }

    @Test
    void jpegXlIsDecodedWhereTheSystemHasItsLibraryAndSaidToBeUndecodedElsewhere() throws Exception {
        if (JxlLibrary.find().isEmpty()) {
            byte[] object = Vectors.read("lossless.jxl");
            assertEquals(new Decoded.Undecodable(Flaw.JXL), pool.decode(object, object.length, SIZE));
            return;
        }
        assertAlike("scene.png", "lossless.jxl", 0);
        assertAlike("clear-scene.png", "alpha.jxl", 0);
        assertAlike("scene.png", "lossy.jxl", LOSS);
        assertAlike("blended.png", "animated.jxl", 0);
        for (String name : List.of("lossless.jxl", "lossy.jxl", "animated.jxl")) {
            byte[] whole = Vectors.read(name);
            for (int percent = 5; percent < 100; percent += 5) {
                cut(name, whole, whole.length * percent / 100);
            }
        }
    }

    @Test
    void everyDecodedFormatHasAProbeThatIsDecoded() throws Exception {
        for (Format format : Format.values()) {
            assertEquals(format.isDecoded(), DecoderProbes.of(format).isPresent());
            if (format.isDecoded() && (format != Format.JXL || JxlLibrary.find().isPresent())) {
                byte[] probe = DecoderProbes.of(format).orElseThrow();
                Decoded.Views views =
                        assertInstanceOf(Decoded.Views.class, pool.decode(probe, probe.length, SIZE), format.name());
                assertEquals(format, views.format());
            }
        }
    }

    @Test
    void mirroredPictureIsMirrored() throws Exception {
        View plain = views("lossless.avif").getFirst();
        View mirrored = views("mirrored.avif").getFirst();
        int row = SIZE * 3;
        for (int y = 0; y < SIZE; y++) {
            assertArrayEquals(
                    Arrays.copyOfRange(plain.pixels(), y * row, (y + 1) * row),
                    Arrays.copyOfRange(mirrored.pixels(), (SIZE - 1 - y) * row, (SIZE - y) * row));
        }
    }

    /// The scene whose colour the view shows in its lower right part.
    private static int sceneOf(View view, int x, int y) {
        int at = (y * SIZE + x) * 3;
        for (int scene = 0; scene < COLOURS.length; scene++) {
            int furthest = 0;
            for (int i = 0; i < 3; i++) {
                furthest = Math.max(furthest, Math.abs(COLOURS[scene][i] - (view.pixels()[at + i] & 0xff)));
            }
            if (furthest <= 14) {
                return scene;
            }
        }
        return -1;
    }

    private static int scene(View view) {
        return sceneOf(view, 36, 36);
    }

    private static void assertSixScenes(String name) throws Exception {
        List<Integer> scenes = views(name).stream().map(ContainersTest::scene).toList();
        assertTrue(scenes.size() >= 6 && scenes.size() <= 16, name + ": " + scenes);
        assertEquals(scenes.stream().sorted().toList(), scenes, name);
        assertEquals(Set.of(0, 1, 2, 3, 4, 5), Set.copyOf(scenes), name + ": " + scenes);
    }

    @Test
    void everyVideoShowsItsScenesInTheirOrder() throws Exception {
        for (String name : VIDEOS) {
            assertSixScenes(name);
        }
    }

    @Test
    void animatedAvifGivesItsStillAndThenItsFrames() throws Exception {
        List<Integer> scenes =
                views("sequence.avif").stream().map(ContainersTest::scene).toList();
        assertEquals(0, scenes.getFirst());
        List<Integer> frames = scenes.subList(1, scenes.size());
        assertEquals(frames.stream().sorted().toList(), frames);
        assertEquals(Set.of(0, 1, 2, 3, 4, 5), Set.copyOf(frames), frames::toString);
    }

    @Test
    void turnedVideoIsSeenUpright() throws Exception {
        View plain = views("h264.mp4").getFirst();
        View turned = views("turned.mp4").getFirst();
        int white = 8 * SIZE + 8;
        assertTrue((plain.pixels()[white * 3] & 0xff) > 220);
        // A quarter to the right brings the upper left corner to the upper right one.
        int whiteTurned = 8 * SIZE + SIZE - 9;
        assertTrue((turned.pixels()[whiteTurned * 3 + 1] & 0xff) > 220);
        assertEquals(0, sceneOf(turned, 8, 8));
    }

    @Test
    void soundAloneHasNoPictures() throws Exception {
        byte[] object = Vectors.read("sound.m4a");
        assertEquals(new Decoded.Undecodable(Flaw.NO_PICTURES), pool.decode(object, object.length, SIZE));
    }

    @Test
    void whatIsCutYieldsNoView() throws Exception {
        List<String> all = new ArrayList<>(STILLS);
        all.addAll(VIDEOS);
        all.add("sequence.avif");
        // A recording is whole at the end of each of its pictures, and nothing tells how many there were to be.
        all.removeAll(List.of("live.webm", "fragmented.mp4"));
        for (String name : all) {
            byte[] whole = Vectors.read(name);
            for (int percent = 5; percent < 100; percent += 5) {
                cut(name, whole, whole.length * percent / 100);
            }
            cut(name, whole, whole.length - 1);
        }
    }

    private static void cut(String name, byte[] whole, int length) throws Exception {
        Decoded decoded = pool.decode(Arrays.copyOf(whole, length), length, SIZE);
        assertInstanceOf(Decoded.Undecodable.class, decoded, name + " cut to " + length + " of " + whole.length);
    }

    @Test
    void recordingThatWasCutShowsOnlyWholePictures() throws Exception {
        for (String name : List.of("live.webm", "fragmented.mp4")) {
            byte[] whole = Vectors.read(name);
            for (int percent = 5; percent < 100; percent += 5) {
                int length = whole.length * percent / 100;
                switch (pool.decode(Arrays.copyOf(whole, length), length, SIZE)) {
                    case Decoded.Views some -> some.views().forEach(view -> assertTrue(scene(view) >= 0, name));
                    case Decoded.Undecodable ignored -> {}
                }
            }
        }
    }

    @Test
    void pictureDataWithAHoleNeverBringsTheDecoderDown() throws Exception {
        for (String name : List.of("420.avif", "grid.avif", "still.heic")) {
            byte[] object = Vectors.read(name);
            Arrays.fill(object, object.length * 2 / 3, object.length * 2 / 3 + 200, (byte) 0);
            switch (pool.decode(object, object.length, SIZE)) {
                // These codings have no checksums: what is damaged may still be a picture, and is shown as one.
                case Decoded.Views views -> assertEquals(1, views.views().size(), name);
                case Decoded.Undecodable hole -> assertEquals(Reason.CORRUPT, hole.reason(), name);
            }
        }
    }

    @Test
    void videoWhosePicturesAreBlankedOutYieldsNoView() throws Exception {
        for (String name : List.of("h264.mp4", "hevc-10.mp4", "vp9.webm", "vp8.webm")) {
            byte[] object = Vectors.read(name);
            // As an upload that stopped half-way, into a file that had its full length from the beginning.
            boolean movieFirst = name.equals("h264.mp4");
            int from = movieFirst ? object.length * 3 / 4 : object.length / 3;
            int end = name.endsWith("webm") || movieFirst ? object.length : object.length / 2;
            Arrays.fill(object, from, end, (byte) 0);
            assertInstanceOf(Decoded.Undecodable.class, pool.decode(object, object.length, SIZE), name);
        }
    }

    @Test
    void flippedBitsNeverBringTheDecoderDown() throws Exception {
        Random random = new Random(30);
        List<String> all = new ArrayList<>(STILLS);
        all.addAll(VIDEOS);
        all.add("sequence.avif");
        for (String name : all) {
            byte[] whole = Vectors.read(name);
            for (int i = 0; i < 25; i++) {
                byte[] damaged = whole.clone();
                for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                }
                switch (pool.decode(damaged, damaged.length, SIZE)) {
                    case Decoded.Views ignored -> {}
                    case Decoded.Undecodable result ->
                        assertTrue(
                                result.reason() != Reason.DECODER_CRASHED
                                        && result.reason() != Reason.DECODER_TIMED_OUT,
                                name + " " + i + ": " + result);
                }
            }
        }
    }
}
