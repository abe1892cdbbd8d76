package org.picket.model;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.picket.model.graph.Graph;
import org.picket.model.scene.Concept;

/// A bundle whose graph costs next to nothing, so that benches and tests measure everything but inference:
/// score `k` is the red value of pixel `(k, 0)` divided by 1,024. Scores thus differ from view to view and stay
/// below 0.25, so no policy with thresholds above that flags anything.
public final class InstantBundle {
    /// Side of a view of the default instant bundle, the same as the stand-in's.
    public static final int VIEW_SIZE = 224;

    private static final float SCALE = 1f / 1024f;
    private static final int GOLDEN_VIEWS = 3;

    private InstantBundle() {}

    /// The instant bundle with the stand-in's view size and concepts.
    public static byte[] file() {
        return file(VIEW_SIZE, Concept.names());
    }

    /// An instant bundle of another view size or other concepts (no more than `viewSize`).
    public static byte[] file(int viewSize, List<String> concepts) {
        if (concepts.isEmpty() || concepts.size() > viewSize) {
            throw new IllegalArgumentException("An instant bundle has 1 to " + viewSize + " concepts.");
        }
        List<byte[]> views = IntStream.range(0, GOLDEN_VIEWS)
                .mapToObj(index -> goldenView(viewSize, index))
                .toList();
        float[] scores = new float[GOLDEN_VIEWS * concepts.size()];
        for (int at = 0; at < scores.length; at++) {
            scores[at] = (views.get(at / concepts.size())[at % concepts.size() * 3] & 0xFF) * SCALE;
        }
        String notice =
                "The instant bundle is for benches: its scores are made from single pixels. This is not a detector.";
        return BundleWriter.write(new BundleDraft(
                "instant",
                "1",
                viewSize,
                concepts,
                graph(viewSize, concepts.size()),
                new BundleDraft.Golden(views, scores),
                new BundleDraft.Text(notice, "# The instant bundle\n\n" + notice + "\n", Map.of())));
    }

    private static byte[] graph(int viewSize, int concepts) {
        Graph graph = Graph.ofViews("instant", viewSize);
        String row = graph.apply(
                "Slice", "views", graph.integers(0, 0, 0), graph.integers(1, concepts, 1), graph.integers(1, 2, 3));
        String flat = graph.flatten(graph.castToFloat(row));
        return graph.scores(graph.apply("Mul", flat, graph.constant(new float[] {SCALE}, 1)), concepts);
    }

    private static byte[] goldenView(int viewSize, int index) {
        byte[] view = new byte[viewSize * viewSize * 3];
        for (int at = 0; at < view.length; at++) {
            view[at] = (byte) (at * 37 * (index + 1) + 11 * index);
        }
        return view;
    }
}
