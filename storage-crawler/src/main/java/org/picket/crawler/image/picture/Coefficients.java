package org.picket.crawler.image.picture;

import java.util.LinkedHashMap;
import java.util.Map;

/// The weights of one pass of the antialiased bicubic, from `inputLength` to `outputLength` samples.
///
/// Source of the formulae: Pillow's resampling (R. Keys' cubic with a = -1/2, support 2, stretched by the
/// reduction so that it also low-passes), in its 8-bit form: weights are rounded to fixed point with 22
/// fraction bits. Output `i` is the sum over `t < count[i]` of `input[first[i] + t] * weight[i * stride + t]`;
/// weights past `count[i]` are zero. All arithmetic before the rounding is in `double` in Pillow's order of
/// operations, since a weight that differs in its last bit may move a pixel.
record Coefficients(int stride, int[] first, int[] count, int[] weight) {

    /// 32-bit accumulators hold 8 bits of sample and 2 bits of overshoot, so 22 are left for the fraction.
    static final int FRACTION_BITS = 32 - 8 - 2;

    /// Weights come in groups of this many, padded with zeros, so that an inner loop reads this many lines at
    /// once.
    static final int GROUP = 4;

    private static final double SUPPORT = 2.0;
    private static final double A = -0.5;

    static Coefficients between(int inputLength, int outputLength) {
        double scale = (double) inputLength / outputLength;
        double stretch = Math.max(scale, 1.0);
        double support = SUPPORT * stretch;
        int taps = (int) Math.ceil(support) * 2 + 1;
        int stride = (taps + GROUP - 1) / GROUP * GROUP;
        int[] first = new int[outputLength];
        int[] count = new int[outputLength];
        int[] weight = new int[Math.multiplyExact(outputLength, stride)];
        double[] exact = new double[taps];
        double inverse = 1.0 / stretch;
        for (int i = 0; i < outputLength; i++) {
            double centre = (i + 0.5) * scale;
            int low = Math.max((int) (centre - support + 0.5), 0);
            int high = Math.min((int) (centre + support + 0.5), inputLength);
            double sum = 0;
            for (int t = 0; t < high - low; t++) {
                exact[t] = cubic((t + low - centre + 0.5) * inverse);
                sum += exact[t];
            }
            for (int t = 0; t < high - low; t++) {
                double share = sum == 0 ? exact[t] : exact[t] / sum;
                weight[i * stride + t] = fixedPoint(share);
            }
            first[i] = low;
            count[i] = high - low;
        }
        return new Coefficients(stride, first, count, weight);
    }

    /// One past the last input sample that output `i` reads.
    int end(int i) {
        return first[i] + count[i];
    }

    private static double cubic(double signed) {
        double x = Math.abs(signed);
        if (x < 1.0) {
            return ((A + 2.0) * x - (A + 3.0)) * x * x + 1;
        }
        if (x < 2.0) {
            return (((x - 5) * x + 8) * x - 4) * A;
        }
        return 0.0;
    }

    private static int fixedPoint(double share) {
        double scaled = share * (1 << FRACTION_BITS);
        return (int) (share < 0 ? scaled - 0.5 : scaled + 0.5);
    }

    /// The tables last used. Not thread-safe: one per decoding thread.
    static final class Cache {
        private static final int LIMIT = 64;

        private record Lengths(int input, int output) {}

        private final Map<Lengths, Coefficients> tables = new LinkedHashMap<>(LIMIT * 2, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Lengths, Coefficients> eldest) {
                return size() > LIMIT;
            }
        };

        Coefficients between(int inputLength, int outputLength) {
            return tables.computeIfAbsent(
                    new Lengths(inputLength, outputLength), l -> Coefficients.between(l.input(), l.output()));
        }
    }
}
