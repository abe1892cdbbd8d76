package org.picket.model.clip;

import org.picket.model.graph.ModelFault;

/// Vectors made one long. Pure.
final class Direction {
    private Direction() {}

    /// The vector over its length.
    ///
    /// @throws ModelFault where it has none, naming whose it is
    static double[] of(float[] vector, String whose) {
        double[] wide = new double[vector.length];
        for (int at = 0; at < wide.length; at++) {
            wide[at] = vector[at];
        }
        return of(wide, whose);
    }

    static double[] of(double[] vector, String whose) {
        double square = 0;
        for (double value : vector) {
            square += value * value;
        }
        double length = Math.sqrt(square);
        if (!(length > 0) || Double.isInfinite(length)) {
            throw new ModelFault("The embedding of " + whose + " is zero or no number: the export is damaged, or its"
                    + " precision too low. Use another export.");
        }
        double[] direction = new double[vector.length];
        for (int at = 0; at < direction.length; at++) {
            direction[at] = vector[at] / length;
        }
        return direction;
    }

    /// The cosine of two directions.
    static double cosine(double[] one, double[] other) {
        double sum = 0;
        for (int at = 0; at < one.length; at++) {
            sum += one[at] * other[at];
        }
        return sum;
    }
}
