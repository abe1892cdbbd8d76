package org.picket.agent.inference;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.picket.agent.bundle.Bundle;
import org.picket.model.BundleDraft;
import org.picket.model.BundleWriter;
import org.picket.model.StoredGraph;
import org.picket.model.graph.Graph;
import org.picket.proto.v1.BundleNeeds;

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
        return ofGraph(reference, graph.scores(graphOfRed.apply(graph, firstRed(graph)), 1));
    }

    static Bundle ofGraph(float reference, byte[] graph) {
        return of(reference, StoredGraph.of(graph));
    }

    /// As [#ofFirstRed], of the red value itself, for agents that have what it needs.
    static Bundle needing(BundleNeeds needs) {
        Graph graph = Graph.ofViews("test", SIZE);
        StoredGraph any = StoredGraph.of(graph.scores(firstRed(graph), 1));
        return of(0, new StoredGraph(any.content(), any.opset(), any.precision(), any.tolerance(), needs));
    }

    private static String firstRed(Graph graph) {
        String corner = graph.apply(
                "Slice", "views", graph.integers(0, 0, 0), graph.integers(1, 1, 1), graph.integers(1, 2, 3));
        return graph.flatten(graph.castToFloat(corner));
    }

    private static Bundle of(float reference, StoredGraph graph) {
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
