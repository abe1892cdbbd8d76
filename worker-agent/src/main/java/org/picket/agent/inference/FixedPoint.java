package org.picket.agent.inference;

/// Scores as 16-bit fixed point with 14 bits behind the point: the range is -2 to just below 2, the step 6.1e-5.
public final class FixedPoint {
    /// One, in fixed point.
    public static final int ONE = 1 << 14;

    private FixedPoint() {}

    /// The nearest fixed-point number, clamped to the range. Halves go up.
    ///
    /// @throws IllegalArgumentException if the score is not finite
    public static short of(float score) {
        if (!Float.isFinite(score)) {
            throw new IllegalArgumentException("A score that is not finite has no fixed-point value.");
        }
        return (short) Math.clamp((long) Math.floor((double) score * ONE + 0.5), Short.MIN_VALUE, Short.MAX_VALUE);
    }

    /// The score that a fixed-point number stands for.
    public static float score(short fixed) {
        return (float) fixed / ONE;
    }
}
