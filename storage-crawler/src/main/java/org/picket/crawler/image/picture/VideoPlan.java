package org.picket.crawler.image.picture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.picket.crawler.image.structure.Samples;
import org.picket.crawler.image.structure.Track;

/// Which pictures of a video are decoded to be looked at.
///
/// Half of the moments are evenly spread over the video's time (see [Timeline]), the first and the last picture
/// included; the others are evenly spread over its pictures, between those. So neither far-off timestamps nor
/// crowds of pictures draw all looks away from the rest. For each moment, the key frame next to it serves if it
/// lies within half the distance between two moments. Otherwise all pictures from the last key frame on have to
/// be decoded too, which is done for as many moments as the budget of pixels allows, the cheapest first; the
/// rest are served by the nearest key frame after all.
///
/// What lies between may go unseen, but no long stretch of it: see [Timeline#checkGaps], which is asked before
/// anything is decoded, and once more, by [#checkShown], with the pictures that came of it.
///
/// @param runs what to decode, in ascending order, none overlapping another
record VideoPlan(List<Run> runs) {

    /// Pixels that are decoded beside key frames, as a multiple of the largest single picture's: about four
    /// seconds of one core.
    private static final int BUDGET_FACTOR = 8;

    /// Samples to decode one after the other, of which the first is a key frame.
    ///
    /// @param first index of a sample
    /// @param last index of the last sample to decode, included
    /// @param wanted those whose pictures are looked at, ascending
    record Run(int first, int last, List<Integer> wanted) {}

    /// @param moments at least four
    /// @param maxPixels of the largest picture
    static VideoPlan of(Track track, int moments, long maxPixels) {
        return new Planner(track, moments, maxPixels).plan();
    }

    /// Samples in all runs, so pictures to decode.
    int decoded() {
        return runs.stream().mapToInt(run -> run.last() - run.first() + 1).sum();
    }

    /// All samples whose pictures are looked at.
    Set<Integer> wanted() {
        return runs.stream().flatMap(run -> run.wanted().stream()).collect(Collectors.toSet());
    }

    /// Fails where the pictures that were shown leave too much unseen, as hidden ones at the moments chosen would.
    void checkShown(Track track, VideoPlayer.Shown shown) {
        Timeline timeline = new Timeline(track.samples());
        timeline.checkHidden(wanted(), shown.missing());
        timeline.checkGaps(shown.pictures());
    }

    private static final class Planner {
        private final Samples samples;
        private final int moments;
        private final long budget;
        private final Timeline timeline;
        private final int[] keyBefore;
        /// Per key frame, the furthest sample that has to be decoded after it.
        private final TreeMap<Integer, Integer> reach = new TreeMap<>();
        private final TreeSet<Integer> wanted = new TreeSet<>();
        private final List<Integer> far = new ArrayList<>();

        Planner(Track track, int moments, long maxPixels) {
            this.samples = track.samples();
            this.moments = moments / 2;
            this.budget = BUDGET_FACTOR * maxPixels / Math.max(1, (long) track.width() * track.height());
            this.timeline = new Timeline(samples);
            int count = samples.count();
            this.keyBefore = new int[count];
            for (int i = 0; i < count; i++) {
                keyBefore[i] = i == 0 || samples.isKey(i) ? i : keyBefore[i - 1];
            }
        }

        VideoPlan plan() {
            int last = timeline.count() - 1;
            far.add(decodable(timeline.sample(0)));
            far.add(decodable(timeline.sample(last)));
            long length = timeline.length();
            int at = 0;
            for (int i = 1; i < moments - 1; i++) {
                long moment = length * i / (moments - 1);
                while (at < last && timeline.clock(at + 1) <= moment) {
                    at++;
                }
                int sample = decodable(timeline.sample(at));
                int key = nearestKey(sample);
                choose(sample, key, distance(key, sample) * 2 * (moments - 1) <= length);
            }
            for (int i = 0; i < moments - 1; i++) {
                int sample = decodable(timeline.sample((int) ((2L * i + 1) * last / (2L * (moments - 1)))));
                int key = nearestKey(sample);
                choose(sample, key, Math.abs(key - sample) * 2L * (moments - 1) <= last);
            }
            spend();
            timeline.checkGaps(wanted);
            return new VideoPlan(runs());
        }

        private void choose(int sample, int key, boolean near) {
            if (sample == key || near) {
                wanted.add(key);
                reach.putIfAbsent(key, key);
            } else {
                far.add(sample);
            }
        }

        /// A picture that is shown before the key frame it follows may need what lies before that.
        private int decodable(int sample) {
            int key = keyBefore[sample];
            return samples.millis(sample) < samples.millis(key) ? key : sample;
        }

        /// Decodes up to the cheapest of the moments that no key frame serves.
        private void spend() {
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

        private List<Run> runs() {
            List<Run> runs = new ArrayList<>();
            reach.forEach(
                    (key, last) -> runs.add(new Run(key, last, List.copyOf(wanted.subSet(key, true, last, true)))));
            return runs;
        }
    }
}
