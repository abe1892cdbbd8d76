package org.picket.model.clip;

import java.nio.file.Path;
import java.util.Arrays;
import org.picket.model.graph.Graph;
import org.picket.model.graph.ModelFault;

/// The normalisation between a vision encoder's first token and its projection, which exports that end at
/// `last_hidden_state` leave out: (x - mean) / deviation * weights + shifts.
///
/// @param weights one per number
/// @param shifts one per number
record PostNorm(float[] weights, float[] shifts) {
    private static final String NAME = "vision_model.post_layernorm.";
    private static final float LEAST = 1e-5f;

    static PostNorm read(Path file) {
        WeightsFile read = new WeightsFile(file);
        PostNorm norm = new PostNorm(
                read.tensor(NAME + "weight").values(),
                read.tensor(NAME + "bias").values());
        if (norm.weights().length != norm.shifts().length) {
            throw new ModelFault(file + " is damaged: its last normalisation has two widths. Fetch it again.");
        }
        return norm;
    }

    /// By plain arithmetic.
    ///
    /// @throws ModelFault if the token has another length
    float[] of(float[] token) {
        if (token.length != weights.length) {
            throw new ModelFault("The vision encoder gives " + token.length + " numbers a token and its normalisation"
                    + " takes " + weights.length + ": they are not of one model.");
        }
        double mean = 0;
        for (float value : token) {
            mean += value / (double) token.length;
        }
        double variance = 0;
        for (float value : token) {
            variance += (value - mean) * (value - mean) / token.length;
        }
        float[] normalised = new float[token.length];
        for (int at = 0; at < token.length; at++) {
            normalised[at] = (float) ((token[at] - mean) / Math.sqrt(variance + LEAST) * weights[at] + shifts[at]);
        }
        return normalised;
    }

    /// By operations: of `[N, M, width]` the first token, normalised, as `[N, width]`.
    String in(Graph graph, String hidden) {
        int width = weights.length;
        String token = graph.apply("Reshape", graph.gather(1, hidden, graph.integers(0)), graph.integers(0, width));
        float[] parts = new float[width];
        Arrays.fill(parts, 1f / width);
        String averaging = graph.constant(parts, width, 1);
        String centred = graph.apply("Sub", token, graph.apply("MatMul", token, averaging));
        String variance = graph.apply("MatMul", graph.apply("Mul", centred, centred), averaging);
        String deviation = graph.apply("Sqrt", graph.apply("Add", variance, graph.constant(new float[] {LEAST}, 1)));
        String scaled = graph.apply("Mul", graph.apply("Div", centred, deviation), graph.constant(weights, width));
        return graph.apply("Add", scaled, graph.constant(shifts, width));
    }
}
