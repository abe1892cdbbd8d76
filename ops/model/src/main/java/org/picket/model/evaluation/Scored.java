package org.picket.model.evaluation;

import java.util.List;
import java.util.stream.DoubleStream;

/// One score of every picture, and whether the picture is what the score is for.
///
/// @param scores one a picture
/// @param so one a picture
public record Scored(double[] scores, boolean[] so) {
    public Scored {
        if (scores.length != so.length) {
            throw new IllegalArgumentException("every score has its truth");
        }
    }

    /// From pairs.
    public static Scored of(List<Pair> pairs) {
        boolean[] so = new boolean[pairs.size()];
        for (int at = 0; at < so.length; at++) {
            so[at] = pairs.get(at).so();
        }
        return new Scored(pairs.stream().mapToDouble(Pair::score).toArray(), so);
    }

    /// One picture.
    public record Pair(double score, boolean so) {}

    /// Pictures.
    public int size() {
        return scores.length;
    }

    /// Those that are so.
    public int positives() {
        int positives = 0;
        for (boolean one : so) {
            positives += one ? 1 : 0;
        }
        return positives;
    }

    /// What a threshold says.
    public Confusion at(double threshold) {
        Confusion confusion = Confusion.NONE;
        for (int at = 0; at < scores.length; at++) {
            confusion = confusion.plus(scores[at] >= threshold, so[at]);
        }
        return confusion;
    }

    double least() {
        return DoubleStream.of(scores).min().orElse(0);
    }

    double most() {
        return DoubleStream.of(scores).max().orElse(0);
    }
}
