package org.picket.crawler.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which pictures of a video are decoded to be looked at.
///
/// The video's time is cut into evenly spread moments, the first and the last picture included. For each, the
/// key frame next to it serves if it lies within half the distance between two moments. Otherwise all pictures
/// from the last key frame on have to be decoded too, which is done for as many moments as the budget of pixels
/// allows, the cheapest first; the rest are served by the nearest key frame after all.
///
/// What lies between may go unseen, but no long stretch of it: where two neighbouring pictures that are looked
/// at are further apart than [#LONGEST_GAP_MILLIS] and than an eighth of the video, the video is
/// [Flaw#PICTURES_APART].
///
/// @param runs what to decode, in ascending order, none overlapping another
record VideoPlan(List<Run> runs) {

    /// The usual 250 pictures between key frames, at 17 a second and more.
    static final long LONGEST_GAP_MILLIS = 15_000;

    private static final int LONGEST_GAP_PART = 8;
    /// Pixels that are decoded beside key frames, as a multiple of the largest single picture's: about four
    /// seconds of one core.
    private static final int BUDGET_FACTOR = 8;

    /// Samples to decode one after the other, of which the first is a key frame.
    ///
    /// @param first index of a sample
    /// @param last index of the last sample to decode, included
    /// @param wanted those whose pictures are looked at, ascending
    record Run(int first, int last, List<Integer> wanted) {}

    /// @param moments at least two
    /// @param maxPixels of the largest picture
    static VideoPlan of(Track track, int moments, long maxPixels) {
        return new Planner(track, moments, maxPixels).plan();
    }

    /// Samples in all runs, so pictures to decode.
    int decoded() {
        return runs.stream().mapToInt(run -> run.last() - run.first() + 1).sum();
    }

    private static final class Planner {
        private final Samples samples;
        private final int moments;
        private final long budget;
        private final Integer[] shown;
        private final int[] keyBefore;

        Planner(Track track, int moments, long maxPixels) {
            this.samples = track.samples();
            this.moments = moments;
            this.budget = BUDGET_FACTOR * maxPixels / Math.max(1, (long) track.width() * track.height());
            int count = samples.count();
            this.shown = new Integer[count];
            Arrays.setAll(shown, i -> i);
            Arrays.sort(shown, Comparator.comparingLong(samples::millis));
            this.keyBefore = new int[count];
            for (int i = 0; i < count; i++) {
                keyBefore[i] = i == 0 || samples.isKey(i) ? i : keyBefore[i - 1];
            }
        }

        VideoPlan plan() {
            long begin = samples.millis(shown[0]);
            long length = samples.millis(shown[shown.length - 1]) - begin;
            // Per key frame, the furthest sample that has to be decoded after it.
            TreeMap<Integer, Integer> reach = new TreeMap<>();
            TreeSet<Integer> wanted = new TreeSet<>();
            List<Integer> far = new ArrayList<>();
            int at = 0;
            for (int i = 0; i < moments; i++) {
                long moment = begin + length * i / (moments - 1);
                while (at + 1 < shown.length && samples.millis(shown[at + 1]) <= moment) {
                    at++;
                }
                int sample = decodable(i == moments - 1 ? shown[shown.length - 1] : shown[at]);
                int key = nearestKey(sample);
                if (sample == key || distance(key, sample) * 2 * (moments - 1) <= length && i > 0 && i < moments - 1) {
                    wanted.add(key);
                    reach.putIfAbsent(key, key);
                } else {
                    far.add(sample);
                }
            }
            spend(far, reach, wanted);
            checkGaps(wanted, length);
            return new VideoPlan(runs(reach, wanted));
        }

        /// A picture that is shown before the key frame it follows may need what lies before that.
        private int decodable(int sample) {
            int key = keyBefore[sample];
            return samples.millis(sample) < samples.millis(key) ? key : sample;
        }

        /// Decodes up to the cheapest of the moments that no key frame serves.
        private void spend(List<Integer> far, TreeMap<Integer, Integer> reach, TreeSet<Integer> wanted) {
            far.sort(Comparator.comparingInt(sample -> sample - keyBefore[sample]));
            long left = budget;
            for (int sample : far) {
                int key = keyBefore[sample];
                int reached = reach.getOrDefault(key, key);
                if (sample - reached <= left) {
                    left -= Math.max(0, sample - reached);
                    reach.put(key, Math.max(sample, reached));
                    wanted.add(sample);
                } else {
                    int nearest = nearestKey(sample);
                    reach.putIfAbsent(nearest, nearest);
                    wanted.add(nearest);
                }
            }
        }

        private int nearestKey(int sample) {
            int before = keyBefore[sample];
            int after = sample;
            while (after < samples.count() && !samples.isKey(after)) {
                after++;
            }
            return after < samples.count() && distance(after, sample) < distance(before, sample) ? after : before;
        }

        private long distance(int one, int other) {
            return Math.abs(samples.millis(one) - samples.millis(other));
        }

        private void checkGaps(TreeSet<Integer> wanted, long length) {
            long longest = Math.max(LONGEST_GAP_MILLIS, length / LONGEST_GAP_PART);
            int last = -1;
            for (int at = 0; at < shown.length; at++) {
                boolean end = at == shown.length - 1;
                if (!end && !wanted.contains(shown[at])) {
                    continue;
                }
                // A picture that is shown for long, with none unseen behind it, is no gap.
                int from = Math.max(last, 0);
                if (at - last > 1 && samples.millis(shown[at]) - samples.millis(shown[from]) > longest) {
                    throw new FlawedObject(Flaw.PICTURES_APART);
                }
                last = at;
            }
        }

        private List<Run> runs(TreeMap<Integer, Integer> reach, TreeSet<Integer> wanted) {
            List<Run> runs = new ArrayList<>();
            reach.forEach(
                    (key, last) -> runs.add(new Run(key, last, List.copyOf(wanted.subSet(key, true, last, true)))));
            return runs;
        }
    }
}
