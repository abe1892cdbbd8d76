package org.picket.model;

import java.util.List;
import java.util.Map;

/// All that goes into a bundle file except the digests, which [BundleWriter] takes.
///
/// @param name lower-case words joined by `-`
/// @param version for people
/// @param viewSize side of a view in pixels
/// @param concepts names of the scores, in the order of the graph's output
/// @param model the ONNX graph and its arithmetic
/// @param golden golden views with their reference scores
/// @param text notice, card and sources
public record BundleDraft(
        String name, String version, int viewSize, List<String> concepts, StoredGraph model, Golden golden, Text text) {

    public BundleDraft {
        concepts = List.copyOf(concepts);
        if (golden.scores().length != golden.views().size() * concepts.size()) {
            throw new IllegalArgumentException("A golden view needs one reference score per concept.");
        }
    }

    /// With a graph of [org.picket.model.graph.Graph]'s own operations in fp32.
    public BundleDraft(
            String name, String version, int viewSize, List<String> concepts, byte[] model, Golden golden, Text text) {
        this(name, version, viewSize, concepts, StoredGraph.of(model), golden, text);
    }

    /// Views with the scores that any engine must give them.
    ///
    /// @param views RGB views, `viewSize * viewSize * 3` bytes each
    /// @param scores reference scores, view by view
    public record Golden(List<byte[]> views, float[] scores) {
        public Golden {
            views = List.copyOf(views);
        }
    }

    /// What people read.
    ///
    /// @param notice one or two sentences on what the bundle is and is not
    /// @param card the model card, markdown
    /// @param sources what the bundle was made from: name to SHA-256
    public record Text(String notice, String card, Map<String, byte[]> sources) {
        public Text {
            sources = Map.copyOf(sources);
        }
    }
}
