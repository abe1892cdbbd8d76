package org.picket.model.rehearsal;

import java.util.Optional;
import org.picket.model.graph.Graph;

/// Transformer blocks as CLIP has them: normalised before attention and before the two layers with the quick
/// form of GELU, each added to what went in.
final class Blocks {
    private static final float QUICK = 1.702f;
    private static final int WIDENING = 4;

    private final Graph graph;
    private final Weights weights;
    private final Tower tower;

    Blocks(Graph graph, Weights weights, Tower tower) {
        this.graph = graph;
        this.weights = weights;
        this.tower = tower;
    }

    /// All of them.
    ///
    /// @param mask added to what attention compares, where there is one
    String all(String input, Optional<String> mask) {
        String value = input;
        for (int layer = 0; layer < tower.layers(); layer++) {
            value = graph.apply("Add", value, attention(norm(value), mask));
            value = graph.apply("Add", value, layers(norm(value)));
        }
        return value;
    }

    String norm(String input) {
        int width = tower.width();
        return graph.apply("LayerNormalization", input, weights.filled(1, width), weights.random(0.02, width));
    }

    private String attention(String input, Optional<String> mask) {
        int width = tower.width();
        int each = width / tower.heads();
        String query = heads(weights.linear(input, width, width), 0, 2, 1, 3);
        String key = heads(weights.linear(input, width, width), 0, 2, 3, 1);
        String value = heads(weights.linear(input, width, width), 0, 2, 1, 3);
        String scaled = graph.apply("Mul", query, weights.filled((float) (1 / Math.sqrt(each)), 1));
        String compared = graph.apply("MatMul", scaled, key);
        String seen = mask.map(added -> graph.apply("Add", compared, added)).orElse(compared);
        String mixed = graph.transpose(graph.apply("MatMul", graph.apply("Softmax", seen), value), 0, 2, 1, 3);
        return weights.linear(graph.apply("Reshape", mixed, graph.integers(0, 0, width)), width, width);
    }

    private String heads(String input, long... order) {
        String split =
                graph.apply("Reshape", input, graph.integers(0, 0, tower.heads(), tower.width() / tower.heads()));
        return graph.transpose(split, order);
    }

    private String layers(String input) {
        int wide = WIDENING * tower.width();
        String opened = weights.linear(input, tower.width(), wide);
        String gate = graph.apply("Sigmoid", graph.apply("Mul", opened, weights.filled(QUICK, 1)));
        return weights.linear(graph.apply("Mul", opened, gate), wide, tower.width());
    }
}
