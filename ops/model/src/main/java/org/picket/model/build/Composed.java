package org.picket.model.build;

import java.util.List;
import org.picket.model.graph.OnnxModel;
import org.picket.proto.v1.BundlePrecision;

/// A graph "views to named scores" with the scores that its parts, run by themselves, gave the golden views.
///
/// @param graph the whole
/// @param precision of its heavy operations
/// @param viewSize side of a view
/// @param concepts names of the scores
/// @param golden views
/// @param reference their scores, view by view, computed without the graph
public record Composed(
        OnnxModel graph,
        BundlePrecision precision,
        int viewSize,
        List<String> concepts,
        List<byte[]> golden,
        float[] reference) {
    public Composed {
        concepts = List.copyOf(concepts);
        golden = List.copyOf(golden);
    }
}
