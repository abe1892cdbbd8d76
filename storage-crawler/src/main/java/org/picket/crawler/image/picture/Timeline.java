package org.picket.crawler.image.picture;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;
import org.picket.crawler.image.structure.Samples;

/// The samples of a track in the order in which they are shown, and how long a stretch of them may go unseen.
///
/// The length that such a stretch is held against is that of the `clock`, on which a picture is shown for
/// [#LONGEST_GAP_MILLIS] at most: else one far-off timestamp would stretch it at will.
final class Timeline {

    /// The usual 250 pictures between key frames, at 17 a second and more.
    static final long LONGEST_GAP_MILLIS = 15_000;
    /// However long the video is.
    static final long CAP_GAP_MILLIS = 300_000;

    private static final int LONGEST_GAP_PART = 8;
    /// What is shown in the two of them, at 30 pictures a second.
    private static final int LONGEST_GAP_SAMPLES = 450;
    private static final int CAP_GAP_SAMPLES = 9_000;

    private final Samples samples;
    private final Integer[] shown;
    private final long[] clock;

    Timeline(Samples samples) {
        this.samples = samples;
        this.shown = new Integer[samples.count()];
        Arrays.setAll(shown, i -> i);
        Arrays.sort(shown, Comparator.comparingLong(samples::millis));
        this.clock = new long[shown.length];
        for (int at = 1; at < shown.length; at++) {
            clock[at] = clock[at - 1] + Math.min(millis(at) - millis(at - 1), LONGEST_GAP_MILLIS);
        }
    }

    int count() {
        return shown.length;
    }

    /// The sample shown at that place.
    int sample(int at) {
        return shown[at];
    }

    /// When it is shown by the clock, in milliseconds from the first.
    long clock(int at) {
        return clock[at];
    }

    /// Of the clock, in milliseconds.
    long length() {
        return clock[clock.length - 1];
    }

    private long millis(int at) {
        return samples.millis(shown[at]);
    }

    /// Fails with [Flaw#PICTURES_APART] where two neighbouring pictures that are looked at are too far apart. A
    /// picture that is shown for long, with none unseen behind it, is no gap.
    ///
    /// @param looked samples whose pictures are looked at
    void checkGaps(Set<Integer> looked) {
        long mostMillis = Math.clamp(length() / LONGEST_GAP_PART, LONGEST_GAP_MILLIS, CAP_GAP_MILLIS);
        int mostSamples = Math.clamp(shown.length / LONGEST_GAP_PART, LONGEST_GAP_SAMPLES, CAP_GAP_SAMPLES);
        int last = -1;
        for (int at = 0; at < shown.length; at++) {
            boolean seen = looked.contains(shown[at]);
            if (!seen && at < shown.length - 1) {
                continue;
            }
            int unseen = at - last - (seen ? 1 : 0);
            boolean far = millis(at) - millis(Math.max(last, 0)) > mostMillis;
            if (unseen > 0 && far || unseen > mostSamples) {
                throw new FlawedObject(Flaw.PICTURES_APART);
            }
            last = at;
        }
    }

    /// Fails with [Flaw#HIDDEN] where two neighbours among the pictures that were to be looked at are never
    /// shown: nobody makes such videos but to have something else looked at than is seen.
    ///
    /// @param wanted samples whose pictures were to be looked at
    /// @param missing those of them that gave none
    void checkHidden(Set<Integer> wanted, Set<Integer> missing) {
        boolean before = false;
        for (int sample : shown) {
            if (wanted.contains(sample)) {
                boolean hidden = missing.contains(sample);
                if (before && hidden) {
                    throw new FlawedObject(Flaw.HIDDEN);
                }
                before = hidden;
            }
        }
    }
}
