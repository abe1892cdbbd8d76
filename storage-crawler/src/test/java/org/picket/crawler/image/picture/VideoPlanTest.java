package org.picket.crawler.image.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.structure.Compression;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;
import org.picket.crawler.image.structure.Samples;
import org.picket.crawler.image.structure.Track;

/// Which pictures of a video are decoded.
class VideoPlanTest {

    private static final long MAX_PIXELS = 100_000_000;

    /// A video of 25 pictures a second with a key frame every so many.
    private static Track track(int count, int keyEvery, int width, int height) {
        Samples samples = new Samples();
        for (int i = 0; i < count; i++) {
            samples.add(0, 1, 40L * i, i % keyEvery == 0);
        }
        return new Track(Compression.H264, new byte[0], width, height, 1, samples);
    }

    private static List<Integer> wanted(VideoPlan plan) {
        return plan.runs().stream().flatMap(run -> run.wanted().stream()).toList();
    }

    @Test
    void keyFramesServeWhereThereAreEnough() {
        VideoPlan plan = VideoPlan.of(track(25 * 600, 25, 1920, 1080), 32, MAX_PIXELS);
        List<Integer> wanted = wanted(plan);
        assertEquals(0, wanted.getFirst());
        assertEquals(25 * 600 - 1, wanted.getLast());
        assertEquals(31, wanted.size());
        // All but the very last picture are key frames.
        assertEquals(30 + 25, plan.decoded());
    }

    @Test
    void shortVideoWithOneKeyFrameIsDecodedThrough() {
        VideoPlan plan = VideoPlan.of(track(250, 10_000, 1280, 720), 32, MAX_PIXELS);
        assertEquals(1, plan.runs().size());
        assertEquals(250, plan.decoded());
        assertEquals(30, wanted(plan).size());
        assertEquals(249, wanted(plan).getLast());
    }

    @Test
    void workIsBounded() {
        for (int keyEvery : new int[] {1, 20, 200}) {
            VideoPlan plan = VideoPlan.of(track(200_000, keyEvery, 1920, 1080), 32, MAX_PIXELS);
            assertTrue(plan.decoded() <= 32 + 8 * MAX_PIXELS / (1920 * 1080), plan.decoded() + " pictures");
        }
    }

    @Test
    void stretchThatNobodyLooksAtIsSaid() {
        FlawedObject flawed = assertThrows(
                FlawedObject.class, () -> VideoPlan.of(track(25 * 120, 100_000, 3840, 2160), 32, MAX_PIXELS));
        assertEquals(Flaw.PICTURES_APART, flawed.flaw());
    }

    @Test
    void pictureThatIsShownForLongIsNoGap() {
        Samples samples = new Samples();
        samples.add(0, 1, 0, true);
        samples.add(0, 1, 60_000, false);
        samples.add(0, 1, 180_000, false);
        Track slides = new Track(Compression.H264, new byte[0], 64, 64, 1, samples);
        assertEquals(List.of(0, 1, 2), wanted(VideoPlan.of(slides, 32, MAX_PIXELS)));
    }

    private static int widestGap(List<Integer> wanted, int from, int end) {
        int widest = 0;
        int last = from;
        for (int at = from; at < end; at++) {
            if (wanted.contains(at) || at == end - 1) {
                widest = Math.max(widest, at - last);
                last = at;
            }
        }
        return widest;
    }

    @Test
    void farOffTimestampDrawsNoLooksAway() {
        Track minute = track(25 * 60 + 1, 25, 1280, 720);
        minute.samples().add(0, 1, 36_000_000, true);
        List<Integer> wanted = wanted(VideoPlan.of(minute, 32, MAX_PIXELS));
        assertTrue(widestGap(wanted, 0, 25 * 60) <= 125, wanted::toString);
    }

    @Test
    void crowdOfPicturesDrawsNoLooksAway() {
        Track minute = track(25 * 60, 25, 1280, 720);
        for (int i = 0; i < 4_000; i++) {
            minute.samples().add(0, 1, 60_000 + i, true);
        }
        List<Integer> wanted = wanted(VideoPlan.of(minute, 32, MAX_PIXELS));
        assertTrue(widestGap(wanted, 0, 25 * 60) <= 125, wanted::toString);
    }

    @Test
    void noStretchOfALongFilmIsLongerThanFiveMinutes() {
        Track film = track(200_000, 20_000, 1920, 1080);
        FlawedObject flawed = assertThrows(FlawedObject.class, () -> VideoPlan.of(film, 32, MAX_PIXELS));
        assertEquals(Flaw.PICTURES_APART, flawed.flaw());
    }

    private static Flaw flawOfShown(Track track, VideoPlan plan, Set<Integer> missing) {
        Set<Integer> pictures = new HashSet<>(plan.wanted());
        pictures.removeAll(missing);
        VideoPlayer.Shown shown = new VideoPlayer.Shown(pictures, missing);
        return assertThrows(FlawedObject.class, () -> plan.checkShown(track, shown))
                .flaw();
    }

    @Test
    void hiddenPicturesAreNotLookedAt() {
        Track film = track(25 * 600, 25, 1280, 720);
        VideoPlan plan = VideoPlan.of(film, 32, MAX_PIXELS);
        List<Integer> wanted = wanted(plan);
        plan.checkShown(film, new VideoPlayer.Shown(plan.wanted(), Set.of()));
        assertEquals(Flaw.HIDDEN, flawOfShown(film, plan, Set.of(wanted.get(7), wanted.get(8))));
        VideoPlan two =
                new VideoPlan(List.of(new VideoPlan.Run(0, 0, List.of(0)), new VideoPlan.Run(1, 1, List.of(1))));
        assertEquals(Flaw.PICTURES_APART, flawOfShown(film, two, Set.of(1)));
    }

    @Test
    void onePictureIsAVideoToo() {
        VideoPlan plan = VideoPlan.of(track(1, 1, 640, 480), 32, MAX_PIXELS);
        assertEquals(List.of(0), wanted(plan));
        assertEquals(1, plan.decoded());
    }

    @Test
    void pictureShownBeforeItsKeyFrameIsServedByThat() {
        Samples samples = new Samples();
        samples.add(0, 1, 0, true);
        samples.add(0, 1, 400, false);
        samples.add(0, 1, 1_200, true);
        samples.add(0, 1, 800, false);
        VideoPlan plan = VideoPlan.of(new Track(Compression.HEVC, new byte[0], 64, 64, 1, samples), 4, MAX_PIXELS);
        assertTrue(!wanted(plan).contains(3), wanted(plan)::toString);
    }
}
