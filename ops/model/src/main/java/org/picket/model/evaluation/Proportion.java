package org.picket.model.evaluation;

import java.util.OptionalDouble;

/// So many of so many.
///
/// @param hits 0 to `of`
/// @param of trials
public record Proportion(long hits, long of) {
    private static final double TAIL = 0.025;
    private static final double ONE_SIDED = 0.05;

    public Proportion {
        if (hits < 0 || of < hits) {
            throw new IllegalArgumentException(hits + " of " + of);
        }
    }

    /// Where the true share lies.
    public record Interval(double low, double high) {}

    /// The share seen; empty where there were no trials.
    public OptionalDouble value() {
        return of == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) hits / of);
    }

    /// Clopper and Pearson's exact interval of 95 % (Biometrika 26, 1934): holds the true share at least so often,
    /// whatever it is. From 0 to 1 without trials.
    public Interval exact() {
        return new Interval(
                hits == 0 ? 0 : Beta.quantile(TAIL, hits, of - hits + 1),
                hits == of ? 1 : Beta.quantile(1 - TAIL, hits + 1, of - hits));
    }

    /// What the true share does not exceed, with 95 % confidence, where none was seen: `1 - 0.05^(1/n)`, about
    /// `3/n`, which is called the rule of three.
    public double mostIfNone() {
        return of == 0 ? 1 : 1 - Math.pow(ONE_SIDED, 1.0 / of);
    }
}
