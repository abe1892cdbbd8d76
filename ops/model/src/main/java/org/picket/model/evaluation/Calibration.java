package org.picket.model.evaluation;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// How a score goes with the truth: the scores in bins of equal width, and in each how many pictures are so.
///
/// @param bins by rising score, empty ones left out
/// @param error the mean distance between score and share, weighted by pictures (expected calibration error);
///     empty where scores are not from 0 to 1, and so are no probabilities
public record Calibration(List<Bin> bins, OptionalDouble error) {
    /// How many bins there are at most.
    public static final int BINS = 10;

    public Calibration {
        bins = List.copyOf(bins);
    }

    /// One bin.
    ///
    /// @param from least score
    /// @param to most score
    /// @param mean of its scores
    /// @param so share of its pictures that are so
    public record Bin(double from, double to, double mean, Proportion so) {}

    /// Over 0 to 1 where all scores lie there, else over the range that was seen.
    public static Calibration of(Scored scored) {
        boolean probabilities = scored.size() > 0 && scored.least() >= 0 && scored.most() <= 1;
        double from = probabilities ? 0 : scored.least();
        double width = ((probabilities ? 1 : scored.most()) - from) / BINS;
        double[] sums = new double[BINS];
        long[] counts = new long[BINS];
        long[] so = new long[BINS];
        for (int at = 0; at < scored.size(); at++) {
            int bin = width > 0 ? Math.min(BINS - 1, (int) ((scored.scores()[at] - from) / width)) : 0;
            sums[bin] += scored.scores()[at];
            counts[bin]++;
            so[bin] += scored.so()[at] ? 1 : 0;
        }
        List<Bin> bins = IntStream.range(0, BINS)
                .filter(bin -> counts[bin] > 0)
                .mapToObj(bin -> new Bin(
                        from + bin * width,
                        from + (bin + 1) * width,
                        sums[bin] / counts[bin],
                        new Proportion(so[bin], counts[bin])))
                .toList();
        double error = bins.stream()
                .mapToDouble(bin ->
                        bin.so().of() * Math.abs(bin.mean() - bin.so().value().orElse(0)))
                .sum();
        return new Calibration(bins, probabilities ? OptionalDouble.of(error / scored.size()) : OptionalDouble.empty());
    }
}
