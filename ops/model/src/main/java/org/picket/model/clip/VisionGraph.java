package org.picket.model.clip;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.picket.model.build.CpuRun;
import org.picket.model.graph.Graph;
import org.picket.model.graph.ModelFault;
import org.picket.model.graph.OnnxModel;
import org.picket.model.graph.Port;

/// A vision encoder as exported (`pixel_values` to `image_embeds`, or to `pooler_output` or `last_hidden_state`
/// where weights are given for the rest), and what it becomes: one graph from bytes to cosines.
///
/// @param part what the output needs of the export
/// @param planes what it takes
/// @param output one vector a view
/// @param norm the normalisation of the first token, where the export leaves it out
/// @param projection its last layer, where the export leaves it out
record VisionGraph(
        OnnxModel part, Planes planes, Port output, Optional<PostNorm> norm, Optional<Projection> projection) {
    private static final String PIXELS = "pixel_values";
    private static final String EMBEDS = "image_embeds";
    private static final String POOLED = "pooler_output";
    private static final String HIDDEN = "last_hidden_state";

    /// Below this a vector has no direction; far above what rounding leaves of one.
    private static final float SHORTEST = 1e-12f;

    static VisionGraph of(OnnxModel export, Preprocessor preprocessor, Optional<Path> weights) {
        Port output = export.output(EMBEDS, POOLED, HIDDEN)
                .orElseThrow(() -> new ModelFault("The vision encoder " + export.file() + " gives "
                        + words(export.outputs()) + " and none of " + EMBEDS + ", " + POOLED + ", " + HIDDEN
                        + ". Give the vision encoder of a CLIP export, made with its projection. For a classifier use"
                        + " --classifier."));
        boolean whole = output.name().equals(EMBEDS);
        if (!whole && weights.isEmpty()) {
            throw new ModelFault("The vision encoder " + export.file() + " gives " + output.name() + " and no " + EMBEDS
                    + ": its projection is missing. Export it with the projection, or give the model.safetensors of"
                    + " the same model by --weights.");
        }
        Optional<Path> rest = whole ? Optional.empty() : weights;
        OnnxModel part = export.only(output.name());
        if (part.inputs().size() != 1 || !part.inputs().getFirst().name().equals(PIXELS)) {
            throw new ModelFault("The vision encoder " + export.file() + " takes " + words(part.inputs()) + " for "
                    + output.name() + ", not " + PIXELS + " alone. Give the vision encoder of a CLIP export.");
        }
        return new VisionGraph(
                part,
                Planes.of(part, part.inputs().getFirst(), preprocessor),
                output,
                rest.filter(file -> output.name().equals(HIDDEN)).map(PostNorm::read),
                rest.map(file -> Projection.read(file, Projection.OF_VISION)));
    }

    private static String words(List<Port> ports) {
        return ports.stream().map(Port::inWords).collect(Collectors.joining(", "));
    }

    /// The direction of every view, by the encoder run by itself, and no code shared with [#scores].
    ///
    /// @param scratch where the encoder is written
    List<double[]> directions(List<byte[]> views, Path scratch) {
        part.write(scratch);
        try (CpuRun run = CpuRun.open(scratch, "the vision encoder " + part.file())) {
            return views.stream().map(view -> direction(run, view)).toList();
        }
    }

    private double[] direction(CpuRun run, byte[] view) {
        CpuRun.Output result = run.run(Map.of(planes.input().name(), planes.of(view)), output.name());
        float[] pooled = norm.map(layer -> layer.of(result.row(0, "the vision encoder " + part.file())))
                .orElseGet(result::values);
        return Direction.of(projection.map(layer -> layer.of(pooled)).orElse(pooled), "a golden view");
    }

    /// The one graph: views to cosines with these directions.
    OnnxModel scores(String name, List<double[]> concepts) {
        Graph graph = Graph.around(part, name, planes.size());
        String given = graph.castToFloat(graph.include(part, planes.in(graph)));
        String embeds = norm.isPresent() ? norm.get().in(graph, given) : given;
        if (projection.isPresent()) {
            Projection layer = projection.get();
            embeds = graph.apply("MatMul", embeds, graph.constant(layer.transposed(), layer.columns(), layer.rows()));
        }
        int width = concepts.getFirst().length;
        float[] matrix = new float[width * concepts.size()];
        for (int concept = 0; concept < concepts.size(); concept++) {
            for (int at = 0; at < width; at++) {
                matrix[at * concepts.size() + concept] = (float) concepts.get(concept)[at];
            }
        }
        float[] ones = new float[width];
        Arrays.fill(ones, 1);
        // A product with ones sums the squares: the operations named for it changed their form between versions.
        String squares = graph.apply("MatMul", graph.apply("Mul", embeds, embeds), graph.constant(ones, width, 1));
        String length = graph.apply("Max", graph.apply("Sqrt", squares), graph.constant(new float[] {SHORTEST}, 1));
        String products = graph.apply("MatMul", embeds, graph.constant(matrix, width, concepts.size()));
        return graph.scored("the composed graph", graph.apply("Div", products, length), concepts.size());
    }
}
