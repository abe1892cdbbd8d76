package org.picket.proto.limit;

/// Scores on the wire and at rest: signed 16-bit integers of 1/16,384, so [-2, 2) in steps of 0.00006. Rules
/// are run on these same integers, so that a replay over stored scores can never differ from the first ruling.
public final class FixedPoint {
    /// Steps to 1.
    public static final int ONE = 16_384;

    private FixedPoint() {}

    /// Rounds to the nearest step, half away from zero upwards, holding the ends of the range.
    ///
    /// @throws IllegalArgumentException where the score is not a number
    public static short of(float score) {
        if (Float.isNaN(score)) {
            throw new IllegalArgumentException("a score is a number");
        }
        return (short) Math.clamp(Math.round((double) score * ONE), Short.MIN_VALUE, Short.MAX_VALUE);
    }

    /// The score that the steps stand for.
    public static double toDouble(short steps) {
        return steps / (double) ONE;
    }

    /// The least number of steps that reaches a threshold.
    public static int atLeast(double threshold) {
        return (int) Math.ceil(threshold * ONE);
    }
}
