package org.picket.model.evaluation;

/// The beta distribution, for exact intervals of proportions.
///
/// The regularised incomplete beta function is its continued fraction (DLMF 8.17.22) by the modified Lentz
/// method, with the symmetry I_x(a, b) = 1 - I_(1-x)(b, a) where that converges faster; the logarithm of the
/// gamma function is Stirling's series (DLMF 5.11.1) after shifting its argument up.
final class Beta {
    private static final double PRECISE = 1e-15;
    private static final double TINY = 1e-300;
    private static final int MOST_TERMS = 100_000;
    private static final int HALVINGS = 200;
    private static final double SHIFTED = 15;

    private Beta() {}

    /// The point below which a share `share` of the distribution lies; both parameters above 0.
    static double quantile(double share, double a, double b) {
        double low = 0;
        double high = 1;
        for (int step = 0; step < HALVINGS && high - low > PRECISE * high; step++) {
            double middle = (low + high) / 2;
            if (below(middle, a, b) < share) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /// The share of the distribution that lies below `x`.
    static double below(double x, double a, double b) {
        if (x <= 0) {
            return 0;
        }
        if (x >= 1) {
            return 1;
        }
        double scale = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
        return x < (a + 1) / (a + b + 2) ? scale * fraction(x, a, b) / a : 1 - scale * fraction(1 - x, b, a) / b;
    }

    private static double fraction(double x, double a, double b) {
        double c = 1;
        double d = inverse(1 - (a + b) * x / (a + 1));
        double value = d;
        for (int term = 1; term <= MOST_TERMS; term++) {
            double even = term * (b - term) * x / ((a + 2 * term - 1) * (a + 2 * term));
            d = inverse(1 + even * d);
            c = away(1 + even / c);
            value *= d * c;
            double odd = -(a + term) * (a + b + term) * x / ((a + 2 * term) * (a + 2 * term + 1));
            d = inverse(1 + odd * d);
            c = away(1 + odd / c);
            value *= d * c;
            if (Math.abs(d * c - 1) < PRECISE) {
                break;
            }
        }
        return value;
    }

    private static double inverse(double value) {
        return 1 / away(value);
    }

    private static double away(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }

    static double logGamma(double value) {
        double shift = 0;
        double x = value;
        while (x < SHIFTED) {
            shift -= Math.log(x);
            x++;
        }
        double square = x * x;
        double series = (1 / 12.0 - (1 / 360.0 - (1 / 1260.0 - 1 / (1680.0 * square)) / square) / square) / x;
        return shift + (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
    }
}
