package org.picket.model.graph;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.picket.model.onnx.AttributeProto;
import org.picket.model.onnx.GraphProto;
import org.picket.model.onnx.NodeProto;
import org.picket.model.onnx.TensorProto;
import org.picket.model.onnx.ValueProto;

/// The names of values in a graph and the graphs within it. Pure.
final class Names {
    private static final String PREFIX = "picket";

    private Names() {}

    /// A prefix that no name of the graph begins with.
    static String unusedPrefix(GraphProto graph) {
        Set<String> names = new HashSet<>();
        collect(graph, names);
        String prefix = PREFIX + "/";
        for (int number = 1; begins(names, prefix); number++) {
            prefix = PREFIX + number + "/";
        }
        return prefix;
    }

    private static boolean begins(Set<String> names, String prefix) {
        return names.stream().anyMatch(name -> name.startsWith(prefix));
    }

    private static void collect(GraphProto graph, Set<String> names) {
        graph.getInputList().forEach(value -> names.add(value.getName()));
        graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
        for (NodeProto node : graph.getNodeList()) {
            names.add(node.getName());
            names.addAll(node.getInputList());
            names.addAll(node.getOutputList());
            for (AttributeProto attribute : node.getAttributeList()) {
                if (attribute.hasG()) {
                    collect(attribute.getG(), names);
                }
                attribute.getGraphsList().forEach(inner -> collect(inner, names));
            }
        }
    }

    /// The graph with some values called otherwise, everywhere in it. The new names must be unused.
    static GraphProto renamed(GraphProto graph, Map<String, String> names) {
        Set<String> used = new HashSet<>();
        collect(graph, used);
        return names.keySet().stream().anyMatch(used::contains) ? rename(graph, names) : graph;
    }

    private static GraphProto rename(GraphProto graph, Map<String, String> names) {
        GraphProto.Builder renamed = graph.toBuilder();
        for (TensorProto.Builder tensor : renamed.getInitializerBuilderList()) {
            tensor.setName(name(tensor.getName(), names));
        }
        for (ValueProto.Builder value : renamed.getInputBuilderList()) {
            value.setName(name(value.getName(), names));
        }
        for (ValueProto.Builder value : renamed.getOutputBuilderList()) {
            value.setName(name(value.getName(), names));
        }
        for (NodeProto.Builder node : renamed.getNodeBuilderList()) {
            for (int at = 0; at < node.getInputCount(); at++) {
                node.setInput(at, name(node.getInput(at), names));
            }
            for (int at = 0; at < node.getOutputCount(); at++) {
                node.setOutput(at, name(node.getOutput(at), names));
            }
            for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
                if (attribute.hasG()) {
                    attribute.setG(rename(attribute.getG(), names));
                }
                for (int at = 0; at < attribute.getGraphsCount(); at++) {
                    attribute.setGraphs(at, rename(attribute.getGraphs(at), names));
                }
            }
        }
        return renamed.build();
    }

    private static String name(String name, Map<String, String> names) {
        return names.getOrDefault(name, name);
    }
}
