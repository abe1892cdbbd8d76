package org.picket.model.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// What each threshold on a score would say: a picture is said to be so where its score reaches it. Thresholds
/// are scores that were seen.
///
/// @param points by rising threshold, thinned out where there are many: half of them lie among the highest
///     scores, where false alarms are few
/// @param best the threshold with the highest F1, the harmonic mean of precision and recall, among all scores; of
///     equals the highest
/// @param area the share of pairs of one that is so and one that is not in which the first has the higher score,
///     equals counting half: the area under the receiver operating characteristic, by trapezia over all scores.
///     Empty where there is no such pair
public record Curve(List<Point> points, Point best, OptionalDouble area) {
    /// No curve has more.
    public static final int MAX_POINTS = 200;

    private static final int EVENLY = MAX_POINTS / 2;

    public Curve {
        points = List.copyOf(points);
    }

    /// One threshold.
    public record Point(double threshold, Confusion confusion) {}

    /// The curve of a score.
    public static Curve of(Scored scored) {
        int[] order = IntStream.range(0, scored.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer at) -> scored.scores()[at])
                        .reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        long positives = scored.positives();
        long negatives = scored.size() - positives;
        List<Point> falling = new ArrayList<>();
        long right = 0;
        long wrong = 0;
        for (int at = 0; at < order.length; at++) {
            right += scored.so()[order[at]] ? 1 : 0;
            wrong += scored.so()[order[at]] ? 0 : 1;
            double threshold = scored.scores()[order[at]];
            if (at + 1 == order.length || scored.scores()[order[at + 1]] < threshold) {
                falling.add(new Point(threshold, new Confusion(right, wrong, positives - right, negatives - wrong)));
            }
        }
        Point best = falling.stream()
                .max(Comparator.comparingDouble((Point point) -> f1(point.confusion()))
                        .thenComparingDouble(Point::threshold))
                .orElse(new Point(0, Confusion.NONE));
        OptionalDouble area =
                positives > 0 && negatives > 0 ? OptionalDouble.of(area(falling)) : OptionalDouble.empty();
        return new Curve(thinned(falling).reversed(), best, area);
    }

    /// Half of the points evenly, half by ranks that grow by a factor, from the highest threshold on.
    private static List<Point> thinned(List<Point> points) {
        if (points.size() <= MAX_POINTS) {
            return points;
        }
        long last = points.size() - 1L;
        IntStream evenly = IntStream.range(0, EVENLY).map(at -> (int) (at * last / (EVENLY - 1)));
        IntStream closer = IntStream.range(0, MAX_POINTS - EVENLY)
                .map(at -> (int) Math.pow(last, (double) at / (MAX_POINTS - EVENLY)));
        return IntStream.concat(evenly, closer)
                .sorted()
                .distinct()
                .mapToObj(points::get)
                .toList();
    }

    private static double f1(Confusion confusion) {
        long twice = 2 * confusion.truePositives();
        long all = twice + confusion.falsePositives() + confusion.falseNegatives();
        return all == 0 ? 0 : (double) twice / all;
    }

    /// @param falling by falling threshold; the last one is reached by all
    private static double area(List<Point> falling) {
        double area = 0;
        double lastAlarms = 0;
        double lastRecall = 0;
        for (Point point : falling) {
            double alarms = point.confusion().falseAlarms().value().orElse(0);
            double recall = point.confusion().recall().value().orElse(0);
            area += (alarms - lastAlarms) * (recall + lastRecall) / 2;
            lastAlarms = alarms;
            lastRecall = recall;
        }
        return area;
    }
}
