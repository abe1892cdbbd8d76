package org.picket.model.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// What each threshold on a score would say: a picture is said to be so where its score reaches it. Thresholds
/// are scores that were seen, thinned out where there are many.
///
/// @param points by rising threshold
public record Curve(List<Point> points) {
    /// No curve has more.
    public static final int MAX_POINTS = 200;

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
        return new Curve(thinned(falling).reversed());
    }

    private static List<Point> thinned(List<Point> points) {
        if (points.size() <= MAX_POINTS) {
            return points;
        }
        return IntStream.range(0, MAX_POINTS)
                .mapToObj(at -> points.get((int) ((long) at * (points.size() - 1) / (MAX_POINTS - 1))))
                .toList();
    }

    /// The point with the highest F1, the harmonic mean of precision and recall; of equals the highest threshold.
    public Point best() {
        return points.stream()
                .max(Comparator.comparingDouble((Point point) -> f1(point.confusion()))
                        .thenComparingDouble(Point::threshold))
                .orElse(new Point(0, Confusion.NONE));
    }

    private static double f1(Confusion confusion) {
        long twice = 2 * confusion.truePositives();
        long all = twice + confusion.falsePositives() + confusion.falseNegatives();
        return all == 0 ? 0 : (double) twice / all;
    }

    /// The share of pairs of one that is so and one that is not in which the first has the higher score, equals
    /// counting half: the area under the receiver operating characteristic, by trapezia.
    public double area() {
        double area = 0;
        double lastAlarms = 0;
        double lastRecall = 0;
        for (Point point : points.reversed()) {
            double alarms = point.confusion().falseAlarms().value().orElse(0);
            double recall = point.confusion().recall().value().orElse(0);
            area += (alarms - lastAlarms) * (recall + lastRecall) / 2;
            lastAlarms = alarms;
            lastRecall = recall;
        }
        return area + (1 - lastAlarms) * (1 + lastRecall) / 2;
    }
}
