package org.picket.model.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTest {
    /// Newcombe, Two-sided confidence intervals for the single proportion (Statistics in Medicine 17, 1998),
    /// table I: exact (Clopper-Pearson) intervals of 95 %.
    @ParameterizedTest
    @CsvSource({"81, 263, 0.2527, 0.3676", "15, 148, 0.0578, 0.1617", "0, 20, 0.0000, 0.1684", "1, 29, 0.0009, 0.1776"})
    void intervalsAreThePublishedOnes(long hits, long of, double low, double high) {
        Proportion proportion = new Proportion(hits, of);
        assertEquals(low, proportion.exact().low(), 0.00006);
        assertEquals(high, proportion.exact().high(), 0.00006);
    }

    @Test
    void endsHaveTheirClosedForms() {
        for (long n : new long[] {1, 7, 300, 1_000_000}) {
            assertEquals(
                    1 - Math.pow(0.025, 1.0 / n), new Proportion(0, n).exact().high(), 1e-12);
            assertEquals(Math.pow(0.025, 1.0 / n), new Proportion(n, n).exact().low(), 1e-12);
        }
        assertEquals(new Proportion.Interval(0, 1), new Proportion(0, 0).exact());
    }

    @Test
    void exactIntervalLeavesOneFortiethOnEitherSide() {
        for (long[] of : new long[][] {{1, 10}, {3, 500}, {250, 500}, {40, 1_000_000}}) {
            Proportion.Interval interval = new Proportion(of[0], of[1]).exact();
            assertEquals(0.025, 1 - Beta.below(1 - interval.low(), of[1] - of[0] + 1, of[0]), 1e-9);
            assertEquals(0.975, Beta.below(interval.high(), of[0] + 1, of[1] - of[0]), 1e-9);
        }
    }

    @Test
    void ruleOfThreeIsNear() {
        assertEquals(3.0 / 1_000, new Proportion(0, 1_000).mostIfNone(), 0.00001);
        assertEquals(0.0295, new Proportion(0, 100).mostIfNone(), 0.0001);
        assertTrue(new Proportion(0, 0).mostIfNone() == 1);
    }

    /// DLMF 5.4: gamma(1/2) is the root of pi; whole numbers give factorials.
    @Test
    void logGammaHasItsKnownValues() {
        assertEquals(Math.log(Math.PI) / 2, Beta.logGamma(0.5), 1e-13);
        assertEquals(Math.log(3_628_800), Beta.logGamma(11), 1e-12);
        assertEquals(0, Beta.logGamma(1), 1e-13);
    }

    /// I_x(a, b) is a polynomial for whole a and b: I_0.3(2, 3) = 6x^2 - 8x^3 + 3x^4.
    @Test
    void incompleteBetaHasItsClosedForms() {
        assertEquals(6 * 0.09 - 8 * 0.027 + 3 * 0.0081, Beta.below(0.3, 2, 3), 1e-14);
        assertEquals(0.5, Beta.below(0.5, 400, 400), 1e-12);
        assertEquals(0.25, Beta.below(0.5, 2, 1), 1e-14);
    }
}
