package org.picket.model.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.picket.model.onnx.AttributeProto;
import org.picket.model.onnx.GraphProto;
import org.picket.model.onnx.NodeProto;

/// Cuts a graph down to what one output needs, so that an export of both encoders in one file serves as either.
final class Pruning {
    private Pruning() {}

    static GraphProto only(GraphProto graph, String output) {
        Map<String, NodeProto> makers = new HashMap<>();
        graph.getNodeList().forEach(node -> node.getOutputList().forEach(value -> makers.put(value, node)));
        Set<String> needed = new HashSet<>();
        Set<NodeProto> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        List<String> open = new ArrayList<>(List.of(output));
        while (!open.isEmpty()) {
            String value = open.removeLast();
            if (!needed.add(value) || !makers.containsKey(value)) {
                continue;
            }
            NodeProto maker = makers.get(value);
            if (kept.add(maker)) {
                open.addAll(reads(maker));
            }
        }
        GraphProto.Builder pruned = graph.toBuilder()
                .clearNode()
                .clearInitializer()
                .clearInput()
                .clearOutput()
                // Shapes of values between, as the exporter saw them: with its own batch, perhaps.
                .clearValueInfo();
        graph.getNodeList().stream().filter(kept::contains).forEach(pruned::addNode);
        Set<String> weights = new HashSet<>();
        graph.getInitializerList().stream()
                .filter(tensor -> needed.contains(tensor.getName()))
                .forEach(tensor -> {
                    weights.add(tensor.getName());
                    pruned.addInitializer(tensor);
                });
        graph.getInputList().stream()
                .filter(input -> needed.contains(input.getName()) && !weights.contains(input.getName()))
                .forEach(pruned::addInput);
        graph.getOutputList().stream()
                .filter(value -> value.getName().equals(output))
                .forEach(pruned::addOutput);
        return pruned.build();
    }

    /// Every value that a node or a graph within it names as an input; those that are the inner graph's own are
    /// looked for in vain outside, which harms nothing.
    private static List<String> reads(NodeProto node) {
        List<String> reads = new ArrayList<>(node.getInputList());
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.hasG()) {
                reads.addAll(reads(attribute.getG()));
            }
            attribute.getGraphsList().forEach(graph -> reads.addAll(reads(graph)));
        }
        return reads;
    }

    private static List<String> reads(GraphProto graph) {
        List<String> reads = new ArrayList<>();
        graph.getNodeList().forEach(node -> reads.addAll(reads(node)));
        graph.getOutputList().forEach(output -> reads.add(output.getName()));
        return reads;
    }
}
