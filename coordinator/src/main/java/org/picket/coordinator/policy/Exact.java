package org.picket.coordinator.policy;

import java.math.BigDecimal;
import org.picket.proto.limit.FixedPoint;

/// Sums and interpolations of thresholds as they are written: 0.2 and 0.05 make 0.25, which is what a person
/// reads, and not the double next to it. The result is the double nearest to the exact decimal.
final class Exact {
    private Exact() {}

    static double sum(double one, double other) {
        return decimal(one).add(decimal(other)).doubleValue();
    }

    /// `low + fraction · (high − low) + add`.
    static double between(double low, double high, double fraction, double add) {
        BigDecimal span = decimal(high).subtract(decimal(low));
        return decimal(low)
                .add(decimal(fraction).multiply(span))
                .add(decimal(add))
                .doubleValue();
    }

    /// The nearest number of fixed-point steps, half up.
    static int steps(double value) {
        return (int) Math.floor(value * FixedPoint.ONE + 0.5);
    }

    private static BigDecimal decimal(double value) {
        return BigDecimal.valueOf(value);
    }
}
