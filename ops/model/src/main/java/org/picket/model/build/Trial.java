package org.picket.model.build;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.picket.model.graph.ModelFault;
import org.picket.proto.limit.FixedPoint;
import org.picket.proto.v1.BundlePrecision;

/// What a composed graph did to the golden views.
///
/// @param composition largest difference between the graph, view by view, and its parts run by themselves
/// @param neighbours largest difference between a view alone and in a batch with the others
/// @param tolerance what the bundle may allow: never less than either
/// @param spread how far apart, at most, one score is on two golden views
public record Trial(float composition, float neighbours, float tolerance, float spread) {
    private static final float FP32 = 1e-4f;
    private static final float REDUCED = 3e-3f;
    private static final float LARGEST = 0.05f;
    private static final double SCORES_FROM = Short.MIN_VALUE / (double) FixedPoint.ONE;
    private static final double SCORES_TO = Short.MAX_VALUE / (double) FixedPoint.ONE;

    /// Loads the graph from a file as ONNX Runtime will, and scores the golden views one by one and all at once.
    ///
    /// @throws ModelFault where it does not compute what its parts do, or scores out of range
    static Trial of(Composed composed, Path file) {
        composed.graph().write(file);
        int concepts = composed.concepts().size();
        int views = composed.golden().size();
        float[] single = new float[views * concepts];
        float[] together;
        try (CpuRun run = CpuRun.open(file, "the composed graph")) {
            for (int view = 0; view < views; view++) {
                float[] scores = scores(run, composed, view, view + 1);
                System.arraycopy(scores, 0, single, view * concepts, concepts);
            }
            together = scores(run, composed, 0, views);
        }
        inRange(composed);
        float spread = spread(composed);
        if (spread == 0) {
            throw new ModelFault("Every score is the same on all golden views: the export does not look at the picture,"
                    + " or what is done to it before leaves nothing of it. Check the preprocessor_config.json, or use"
                    + " another export.");
        }
        float composition = largest(single, composed.reference());
        float neighbours = largest(single, together);
        float tolerance = switch (composed.precision()) {
            case BUNDLE_PRECISION_FP32 -> FP32;
            case BUNDLE_PRECISION_FP16 -> REDUCED;
            case BUNDLE_PRECISION_INT8, BUNDLE_PRECISION_UNSPECIFIED, UNRECOGNIZED ->
                Math.clamp(2 * Math.max(composition, neighbours), REDUCED, LARGEST);
        };
        if (composition > tolerance || neighbours > tolerance) {
            throw new ModelFault("The composed graph differs by " + composition + " from its parts run by themselves"
                    + " and by " + neighbours + " between a view alone and among others; " + tolerance
                    + " is allowed in " + word(composed.precision())
                    + ". Use an export in another precision; if this is one in fp32, report it.");
        }
        return new Trial(composition, neighbours, tolerance, spread);
    }

    private static float spread(Composed composed) {
        int concepts = composed.concepts().size();
        float spread = 0;
        for (int concept = 0; concept < concepts; concept++) {
            float least = Float.POSITIVE_INFINITY;
            float most = Float.NEGATIVE_INFINITY;
            for (int at = concept; at < composed.reference().length; at += concepts) {
                least = Math.min(least, composed.reference()[at]);
                most = Math.max(most, composed.reference()[at]);
            }
            spread = Math.max(spread, most - least);
        }
        return spread;
    }

    /// Whether the golden views tell an engine that computes from one that always says the same.
    boolean telling() {
        return spread > 4 * tolerance;
    }

    private static float[] scores(CpuRun run, Composed composed, int from, int to) {
        int side = composed.viewSize();
        int bytes = side * side * 3;
        byte[] batch = new byte[(to - from) * bytes];
        IntStream.range(from, to)
                .forEach(view -> System.arraycopy(composed.golden().get(view), 0, batch, (view - from) * bytes, bytes));
        CpuRun.Output output = run.run(Map.of("views", CpuRun.Input.bytes(batch, to - from, side, side, 3)), "scores");
        if (output.values().length != (to - from) * composed.concepts().size()) {
            throw new ModelFault("The model gives " + output.values().length + " numbers for " + (to - from)
                    + " views, not one per view and name. Export it with a dynamic batch, and check the names.");
        }
        return output.values();
    }

    private static void inRange(Composed composed) {
        for (int at = 0; at < composed.reference().length; at++) {
            float score = composed.reference()[at];
            if (!(score >= SCORES_FROM && score <= SCORES_TO)) {
                throw new ModelFault("The score "
                        + composed.concepts().get(at % composed.concepts().size()) + " is " + score
                        + " on one of the golden views; scores must lie from -2 to 2. For a classifier's raw outputs"
                        + " say --activation softmax or sigmoid.");
            }
        }
    }

    private static float largest(float[] one, float[] other) {
        float largest = 0;
        for (int at = 0; at < one.length; at++) {
            float difference = Math.abs(one[at] - other[at]);
            // Not a number compares as neither larger nor smaller: it must not pass.
            largest = difference <= largest ? largest : difference;
        }
        return Float.isNaN(largest) ? Float.POSITIVE_INFINITY : largest;
    }

    /// The name of a precision for people.
    static String word(BundlePrecision precision) {
        return switch (precision) {
            case BUNDLE_PRECISION_FP32 -> "fp32";
            case BUNDLE_PRECISION_FP16 -> "fp16";
            case BUNDLE_PRECISION_INT8 -> "int8";
            case BUNDLE_PRECISION_UNSPECIFIED, UNRECOGNIZED -> "an unknown precision";
        };
    }
}
