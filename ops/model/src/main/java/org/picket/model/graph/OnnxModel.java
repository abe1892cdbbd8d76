package org.picket.model.graph;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.picket.model.onnx.GraphProto;
import org.picket.model.onnx.ModelProto;
import org.picket.model.onnx.NodeProto;
import org.picket.model.onnx.OperatorSetProto;
import org.picket.model.onnx.TensorProto;
import org.picket.model.onnx.ValueProto;

/// An ONNX model as somebody exported it. Large weights are not read: the model knows where they lie, so one of a
/// gigabyte costs its operations alone. The files must not change while the model is in use. Immutable.
///
/// @param file what messages call it
/// @param proto the model; weights inside, or in the files
/// @param files that it was read from, the model first; empty for a graph made here
public record OnnxModel(String file, ModelProto proto, List<Path> files) {
    /// What one protobuf, and a bundle, can hold with room to spare: 1.75 GiB.
    public static final long MAX_BYTES = 1_792L << 20;

    /// Oldest version of the standard operator set whose operations mean what our own nodes take them to mean.
    public static final long OLDEST_OPSET = 9;

    public OnnxModel {
        files = List.copyOf(files);
    }

    /// Reads a model and the files of weights beside it (`model.onnx_data`), where it has such.
    ///
    /// @throws ModelFault where it cannot be read, is no model, or is too large
    public static OnnxModel read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw tooLarge(file.toString(), Files.size(file));
            }
            return ExternalWeights.checked(file, Skeleton.read(file)).checked();
        } catch (InvalidProtocolBufferException cause) {
            throw new ModelFault(
                    file + " is no ONNX model, or is cut short. Fetch the export again, with its model.onnx_data"
                            + " where it has one.",
                    cause);
        } catch (IOException cause) {
            throw new ModelFault(file + " cannot be read (" + cause + "). Check the path and its permissions.", cause);
        }
    }

    private OnnxModel checked() {
        if (proto.getGraph().getNodeCount() == 0 || proto.getGraph().getOutputCount() == 0) {
            throw new ModelFault(file + " is no ONNX model: it has no operations. Give the exported .onnx file.");
        }
        if (bytes() > MAX_BYTES) {
            throw tooLarge(file, bytes());
        }
        if (opset() < OLDEST_OPSET) {
            throw new ModelFault(file + " is written against operator set " + opset() + "; " + OLDEST_OPSET
                    + " is the oldest that works. Export it again with a newer one, for instance 17.");
        }
        return this;
    }

    static ModelFault tooLarge(String file, long bytes) {
        return new ModelFault(file + " has " + bytes + " bytes with its weights, more than the " + MAX_BYTES
                + " that one ONNX file can hold. Use an fp16 or quantised export, or a smaller model.");
    }

    /// Bytes of weights and operations: nearly all of the model.
    public long bytes() {
        GraphProto graph = proto.getGraph();
        return graph.getInitializerList().stream()
                        .mapToLong(tensor -> PlacedWeights.has(tensor)
                                ? PlacedWeights.of(tensor).length()
                                : tensor.getSerializedSize())
                        .sum()
                + graph.getNodeList().stream()
                        .mapToLong(NodeProto::getSerializedSize)
                        .sum();
    }

    /// Version of the standard operator set; 0 where the model does not say.
    public long opset() {
        return proto.getOpsetImportList().stream()
                .filter(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
                .mapToLong(OperatorSetProto::getVersion)
                .max()
                .orElse(0);
    }

    /// What must be fed; weights that old exports list as inputs are none.
    public List<Port> inputs() {
        Set<String> weights = proto.getGraph().getInitializerList().stream()
                .map(TensorProto::getName)
                .collect(Collectors.toCollection(HashSet::new));
        return proto.getGraph().getInputList().stream()
                .filter(input -> !weights.contains(input.getName()))
                .map(OnnxModel::port)
                .toList();
    }

    /// What comes out.
    public List<Port> outputs() {
        return proto.getGraph().getOutputList().stream().map(OnnxModel::port).toList();
    }

    /// The first of these outputs that the model has.
    public Optional<Port> output(String... names) {
        return Stream.of(names)
                .flatMap(name -> outputs().stream().filter(port -> port.name().equals(name)))
                .findFirst();
    }

    /// The part of the model that one output needs.
    public OnnxModel only(String output) {
        return new OnnxModel(
                file,
                proto.toBuilder()
                        .setGraph(Pruning.only(proto.getGraph(), output))
                        .build(),
                files);
    }

    /// Writes the model as one file.
    public void write(Path to) {
        try {
            ModelFile.write(proto, files, to);
        } catch (IOException cause) {
            throw new ModelFault(
                    to + " cannot be written (" + cause + "). Check the free space and the permissions there.", cause);
        }
    }

    private static Port port(ValueProto value) {
        var tensor = value.getType().getTensorType();
        return new Port(
                value.getName(),
                ElementType.of(tensor.getElemType()),
                tensor.getShape().getDimList().stream()
                        .map(side -> side.hasDimValue() && side.getDimValue() > 0 ? side.getDimValue() : Port.FREE)
                        .toList());
    }
}
