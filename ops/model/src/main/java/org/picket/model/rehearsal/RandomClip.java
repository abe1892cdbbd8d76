package org.picket.model.rehearsal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.picket.model.graph.ElementType;
import org.picket.model.graph.Graph;
import org.picket.model.graph.OnnxModel;
import org.picket.model.graph.Port;
import org.picket.proto.v1.BundlePrecision;

/// Vision and text encoders with CLIP's operations, names, inputs and outputs, and random weights. One seed gives
/// one model.
///
/// @param precision of the products
/// @param ending where the exports end
/// @param seed of the weights
public record RandomClip(BundlePrecision precision, Ending ending, long seed) {
    private static final int CONTEXT = 77;
    private static final float UNSEEN = -1e4f;

    /// A vision encoder: `pixel_values` float `[N, 3, size, size]` to `image_embeds`.
    public OnnxModel vision(Tower tower, int size, int patch) {
        Graph graph = Graph.of("vision", "pixel_values", ElementType.FLOAT, 3, size, size);
        Weights weights = new Weights(graph, precision, seed);
        Blocks blocks = new Blocks(graph, weights, tower);
        int width = tower.width();
        int side = size / patch;
        String patches = graph.convolve(
                graph.cast("pixel_values", weights.type()),
                weights.random(Math.sqrt(1.0 / (patch * patch)), width, 3, patch, patch),
                weights.filled(0, width),
                patch,
                patch);
        String row = graph.transpose(graph.apply("Reshape", patches, graph.integers(0, width, -1)), 0, 2, 1);
        // The class token once for every picture, however many there are.
        String first = graph.apply("Slice", row, graph.integers(0), graph.integers(1), graph.integers(1));
        String token =
                graph.apply("Add", graph.apply("Mul", first, weights.filled(0, 1)), weights.random(1, 1, 1, width));
        String placed =
                graph.apply("Add", graph.concatenate(1, token, row), weights.random(1, 1, side * side + 1, width));
        String hidden = blocks.all(blocks.norm(placed), Optional.empty());
        String pooled = graph.apply("Reshape", graph.gather(1, hidden, graph.integers(0)), graph.integers(0, width));
        return switch (ending) {
            case EMBEDS -> embeds(graph, weights, tower, blocks.norm(pooled), "image_embeds");
            case POOLED -> ended(graph, blocks.norm(pooled), "pooler_output", width);
            case HIDDEN -> ended(graph, hidden, "last_hidden_state", side * side + 1L, width);
        };
    }

    /// A text encoder: `input_ids` and `attention_mask`, int64 `[N, M]`, to `text_embeds`, pooled where the
    /// largest number stands, which is the end mark's.
    public OnnxModel text(Tower tower, int vocabulary) {
        Graph graph = Graph.of("text", "input_ids", ElementType.INT64, Port.FREE);
        graph.input("attention_mask", ElementType.INT64, Port.FREE);
        Weights weights = new Weights(graph, precision, seed + 1);
        Blocks blocks = new Blocks(graph, weights, tower);
        int width = tower.width();
        String words = graph.apply("Gather", weights.random(1, vocabulary, width), "input_ids");
        String length = graph.apply("Slice", graph.apply("Shape", "input_ids"), graph.integers(1), graph.integers(2));
        String places =
                graph.apply("Slice", weights.random(1, CONTEXT, width), graph.integers(0), length, graph.integers(0));
        String hidden =
                blocks.norm(blocks.all(graph.apply("Add", words, places), Optional.of(mask(graph, weights, length))));
        String last = graph.largestAt(1, graph.castToFloat("input_ids"));
        long[] numbers = new long[CONTEXT];
        Arrays.setAll(numbers, at -> at);
        String counted = graph.apply("Slice", graph.integers(numbers), graph.integers(0), length);
        String chosen = graph.cast(graph.apply("Equal", counted, last), weights.type());
        String row = graph.apply("Unsqueeze", chosen, graph.integers(1));
        String pooled = graph.apply("Reshape", graph.apply("MatMul", row, hidden), graph.integers(0, width));
        return switch (ending) {
            case EMBEDS -> embeds(graph, weights, tower, pooled, "text_embeds");
            case POOLED -> ended(graph, pooled, "pooler_output", width);
            case HIDDEN -> ended(graph, hidden, "last_hidden_state", Port.FREE, width);
        };
    }

    /// What lies ahead, and what only fills up, is not seen.
    private static String mask(Graph graph, Weights weights, String length) {
        float[] ahead = new float[CONTEXT * CONTEXT];
        for (int from = 0; from < CONTEXT; from++) {
            for (int to = from + 1; to < CONTEXT; to++) {
                ahead[from * CONTEXT + to] = UNSEEN;
            }
        }
        String both = graph.concatenate(0, length, length);
        String causal = graph.apply(
                "Slice", weights.constant(ahead, CONTEXT, CONTEXT), graph.integers(0, 0), both, graph.integers(0, 1));
        String real = graph.cast("attention_mask", weights.type());
        String filling = graph.apply("Mul", graph.apply("Sub", weights.filled(1, 1), real), weights.filled(UNSEEN, 1));
        return graph.apply("Add", graph.apply("Unsqueeze", filling, graph.integers(1, 2)), causal);
    }

    private static OnnxModel embeds(Graph graph, Weights weights, Tower tower, String pooled, String name) {
        String projection = weights.random(Math.sqrt(3.0 / tower.width()), tower.width(), tower.embedding());
        return ended(graph, graph.apply("MatMul", pooled, projection), name, tower.embedding());
    }

    private static OnnxModel ended(Graph graph, String value, String name, long... rest) {
        return new OnnxModel(
                "a rehearsal", graph.output(graph.castToFloat(value), name, ElementType.FLOAT, rest), List.of());
    }
}
