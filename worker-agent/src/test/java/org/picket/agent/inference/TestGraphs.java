package org.picket.agent.inference;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.picket.agent.bundle.Bundle;
import org.picket.model.BundleDraft;
import org.picket.model.BundleWriter;
import org.picket.model.graph.Graph;

/// Tiny bundles around graphs made for one test.
final class TestGraphs {
    static final int SIZE = 4;

    private TestGraphs() {}

    static Bundle bundle(byte[] file) {
        return Bundle.read("test", new ByteArrayInputStream(file)).orThrow();
    }

    /// A bundle with one concept and one golden view of zeros whose reference score is `reference`; the graph
    /// gets the view's first red value as a float `[N, 1]`.
    static Bundle ofFirstRed(float reference, BiFunction<Graph, String, String> graphOfRed) {
        Graph graph = Graph.ofViews("test", SIZE);
        String corner = graph.apply(
                "Slice", "views", graph.integers(0, 0, 0), graph.integers(1, 1, 1), graph.integers(1, 2, 3));
        String red = graph.flatten(graph.castToFloat(corner));
        return ofGraph(reference, graph.scores(graphOfRed.apply(graph, red), 1));
    }

    static Bundle ofGraph(float reference, byte[] graph) {
        return bundle(BundleWriter.write(new BundleDraft(
                "test",
                "1",
                SIZE,
                List.of("red"),
                graph,
                new BundleDraft.Golden(List.of(new byte[SIZE * SIZE * 3]), new float[] {reference}),
                new BundleDraft.Text("A test. Not a detector.", "card", Map.of()))));
    }
}
