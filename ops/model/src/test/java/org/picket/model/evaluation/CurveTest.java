package org.picket.model.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.picket.model.scene.Dice;

class CurveTest {
    private static Scored four() {
        return new Scored(new double[] {0.1, 0.4, 0.35, 0.8}, new boolean[] {false, false, true, true});
    }

    /// The example of scikit-learn's roc_auc_score: 0.75.
    @Test
    void areaIsThePublishedOne() {
        assertEquals(0.75, Curve.of(four()).area().orElseThrow(), 1e-12);
    }

    @Test
    void everyThresholdCountsWhatReachesIt() {
        List<Curve.Point> points = Curve.of(four()).points();
        assertEquals(
                List.of(0.1, 0.35, 0.4, 0.8),
                points.stream().map(Curve.Point::threshold).toList());
        assertEquals(new Confusion(2, 2, 0, 0), points.get(0).confusion());
        assertEquals(new Confusion(2, 1, 0, 1), points.get(1).confusion());
        assertEquals(new Confusion(1, 1, 1, 1), points.get(2).confusion());
        assertEquals(new Confusion(1, 0, 1, 2), points.get(3).confusion());
        assertEquals(0.35, Curve.of(four()).best().threshold());
    }

    @Test
    void equalScoresAreOnePointAndCountHalf() {
        Scored equal = new Scored(new double[] {0.5, 0.5, 0.5, 0.5}, new boolean[] {true, false, true, false});
        assertEquals(1, Curve.of(equal).points().size());
        assertEquals(0.5, Curve.of(equal).area().orElseThrow(), 1e-12);
    }

    @Test
    void areaIsTheShareOfPairsInOrder() {
        Dice dice = new Dice(4);
        int size = 150;
        double[] scores = new double[size];
        boolean[] so = new boolean[size];
        for (int at = 0; at < size; at++) {
            so[at] = dice.chance(0.3);
            scores[at] = dice.whole(0, 40) / 40.0 + (so[at] ? 0.2 : 0);
        }
        double pairs = 0;
        double inOrder = 0;
        for (int one = 0; one < size; one++) {
            for (int other = 0; other < size; other++) {
                if (so[one] && !so[other]) {
                    pairs++;
                    inOrder += scores[one] > scores[other] ? 1 : scores[one] == scores[other] ? 0.5 : 0;
                }
            }
        }
        assertEquals(inOrder / pairs, Curve.of(new Scored(scores, so)).area().orElseThrow(), 1e-9);
    }

    @Test
    void longCurvesAreThinnedAndKeepTheirEnds() {
        double[] scores =
                IntStream.range(0, 5_000).mapToDouble(at -> at / 5_000.0).toArray();
        boolean[] so = new boolean[5_000];
        so[4_999] = true;
        Curve curve = Curve.of(new Scored(scores, so));
        assertTrue(curve.points().size() > 150 && curve.points().size() <= Curve.MAX_POINTS);
        assertEquals(0, curve.points().getFirst().threshold());
        assertEquals(4_999 / 5_000.0, curve.points().getLast().threshold());
    }

    /// Thirty that are so have the highest of ten thousand scores: a threshold between says it without a fault.
    @Test
    void bestAndAreaAreThoseOfAllScoresAndNotOfTheThinnedCurve() {
        double[] scores = IntStream.range(0, 10_000).mapToDouble(at -> at).toArray();
        boolean[] so = new boolean[10_000];
        java.util.Arrays.fill(so, 9_970, 10_000, true);
        Curve curve = Curve.of(new Scored(scores, so));
        assertEquals(new Curve.Point(9_970, new Confusion(30, 0, 0, 9_970)), curve.best());
        assertEquals(1, curve.area().orElseThrow(), 1e-12);
    }

    @Test
    void thinnedCurveIsCloserWhereFalseAlarmsAreFew() {
        double[] scores = IntStream.range(0, 100_000).mapToDouble(at -> at).toArray();
        Curve curve = Curve.of(new Scored(scores, new boolean[100_000]));
        long few = curve.points().stream()
                .filter(point -> point.confusion().falsePositives() <= 100)
                .count();
        assertTrue(few >= 20, few + " points up to a hundred false alarms");
    }

    @Test
    void withoutAPairThereIsNoArea() {
        assertTrue(Curve.of(new Scored(new double[] {0.1, 0.4}, new boolean[] {true, true}))
                .area()
                .isEmpty());
        assertTrue(Curve.of(new Scored(new double[] {0.1, 0.4}, new boolean[2]))
                .area()
                .isEmpty());
    }

    @Test
    void calibrationErrorIsTheWeightedDistance() {
        Scored scored = new Scored(
                new double[] {0.05, 0.05, 0.95, 0.95, 0.95, 0.95},
                new boolean[] {false, true, true, true, true, false});
        Calibration calibration = Calibration.of(scored);
        assertEquals(2, calibration.bins().size());
        assertEquals(new Proportion(3, 4), calibration.bins().get(1).so());
        assertEquals((2 * 0.45 + 4 * 0.20) / 6, calibration.error().orElseThrow(), 1e-12);
    }

    @Test
    void cosinesAreNoProbabilities() {
        Calibration calibration =
                Calibration.of(new Scored(new double[] {-0.1, 0.2, 0.3}, new boolean[] {false, true, true}));
        assertTrue(calibration.error().isEmpty());
        assertEquals(-0.1, calibration.bins().getFirst().from(), 1e-12);
        assertEquals(0.3, calibration.bins().getLast().to(), 1e-12);
    }

    @Test
    void nothingIsACurveToo() {
        Scored none = new Scored(new double[0], new boolean[0]);
        assertEquals(List.of(), Curve.of(none).points());
        assertEquals(List.of(), Calibration.of(none).bins());
        assertEquals(Confusion.NONE, Curve.of(none).best().confusion());
    }

    @Test
    void smallSamplesAreSaidToBeSmall() {
        assertTrue(Caution.of(new Confusion(5, 0, 1, 40)).getFirst().startsWith("Only 6 of the pictures"));
        String none = Caution.of(new Confusion(90, 0, 10, 3_000)).getFirst();
        assertTrue(none.contains("rule of three") && none.contains("998 in a million"), none);
        assertTrue(none.contains("takes 29,956 pictures"), none);
        assertEquals(List.of(), Caution.of(new Confusion(90, 2, 10, 3_000)));
        assertEquals(2, Caution.of(Confusion.NONE).size());
    }

    @Test
    void precisionFollowsTheBaseRate() {
        assertEquals(0.0037, Confusion.precisionAt(42.9, 0.9, 0.01), 0.0003);
        assertEquals(0.279, Confusion.precisionAt(42.9, 0.9, 0.0001), 0.001);
    }

    @Test
    void pictureIsWellFormed() throws Exception {
        Picture.Panel panel = new Picture.Panel(
                "a < b & c",
                "threshold",
                0,
                1,
                List.of(new Picture.Line("recall", "#06c", List.of(new Picture.Spot(0, 1), new Picture.Spot(1, 0)))),
                List.of(new Picture.Dot(0.5, 0.4, 0.2, 0.6)));
        String svg = Picture.svg("t", List.of(List.of(panel, panel), List.of(panel)));
        var parsed = javax.xml.parsers.DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new org.xml.sax.InputSource(new java.io.StringReader(svg)));
        assertEquals(3, parsed.getElementsByTagName("polyline").getLength());
    }
}
