package org.picket.model.graph;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.picket.model.onnx.AttributeProto;
import org.picket.model.onnx.GraphProto;
import org.picket.model.onnx.ModelProto;
import org.picket.model.onnx.NodeProto;
import org.picket.model.onnx.OperatorSetProto;
import org.picket.model.onnx.ShapeProto;
import org.picket.model.onnx.TensorProto;
import org.picket.model.onnx.TypeProto;
import org.picket.model.onnx.ValueProto;

/// Builds one ONNX graph, node by node. Values are named by strings, as in the format; every operation returns
/// the name of what it yields. The same calls give the same bytes. Not thread-safe.
///
/// A bundle's graph has the input `views`, uint8 `[N, size, size, 3]`, and the output `scores`, float `[N, K]`.
public final class Graph {
    /// Version of the standard operator set that the graphs are written against.
    public static final int OPSET = 17;

    private static final int IR_VERSION = 8;
    private static final int FLOAT = 1;
    private static final int UINT8 = 2;
    private static final int INT64 = 7;

    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private int named;

    /// A graph whose one input is `views`, uint8 `[N, size, size, 3]`.
    public static Graph ofViews(String name, int size) {
        Graph made = new Graph();
        made.graph.setName(name).addInput(value("views", UINT8, size, size, 3));
        return made;
    }

    /// Adds a float constant of the given shape.
    public String constant(float[] values, long... shape) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return constant(FLOAT, raw, shape);
    }

    /// Adds a one-dimensional constant of 64-bit integers: a shape, or starts and ends of a slice.
    public String integers(long... values) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asLongBuffer().put(values);
        return constant(INT64, raw, values.length);
    }

    /// Adds an operation without attributes.
    public String apply(String operation, String... inputs) {
        return node(operation, List.of(), inputs);
    }

    /// Casts to float.
    public String castToFloat(String input) {
        return node("Cast", List.of(integer("to", FLOAT)), input);
    }

    /// Reorders the axes.
    public String transpose(String input, long... order) {
        return node("Transpose", List.of(integers("perm", order)), input);
    }

    /// Joins two values along an axis.
    public String concatenate(int axis, String... inputs) {
        return node("Concat", List.of(integer("axis", axis)), inputs);
    }

    /// Means over squares that do not overlap; input and output are `[N, C, H, W]`.
    public String averagePool(String input, int side) {
        return node(
                "AveragePool", List.of(integers("kernel_shape", side, side), integers("strides", side, side)), input);
    }

    /// Convolution without padding; weights are `[out, in, side, side]`.
    public String convolve(String input, String weights, String bias, int side, int stride) {
        return node(
                "Conv",
                List.of(integers("kernel_shape", side, side), integers("strides", stride, stride)),
                input,
                weights,
                bias);
    }

    /// Drops all axes after the first into one.
    public String flatten(String input) {
        return node("Flatten", List.of(integer("axis", 1)), input);
    }

    /// Declares `value` to be the output `scores`, float `[N, concepts]`, and returns the model as stored.
    public byte[] scores(String value, int concepts) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Identity")
                .setName("scores")
                .addInput(value)
                .addOutput("scores"));
        graph.addOutput(value("scores", FLOAT, concepts));
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("picket")
                .setGraph(graph)
                .addOpsetImport(OperatorSetProto.newBuilder().setVersion(OPSET))
                .build()
                .toByteArray();
    }

    private String constant(int type, ByteBuffer raw, long... shape) {
        String name = name("constant");
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(type).setRawData(ByteString.copyFrom(raw.rewind()));
        for (long side : shape) {
            tensor.addDims(side);
        }
        graph.addInitializer(tensor);
        return name;
    }

    private String node(String operation, List<AttributeProto> attributes, String... inputs) {
        String name = name(operation);
        graph.addNode(NodeProto.newBuilder()
                .setOpType(operation)
                .setName(name)
                .addAllInput(List.of(inputs))
                .addOutput(name)
                .addAllAttribute(attributes));
        return name;
    }

    private String name(String base) {
        return base + "-" + named++;
    }

    private static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setI(value)
                .setType(AttributeProto.Kind.INT)
                .build();
    }

    private static AttributeProto integers(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.Kind.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    /// A value whose first axis is the batch.
    private static ValueProto value(String name, int type, long... rest) {
        ShapeProto.Builder shape =
                ShapeProto.newBuilder().addDim(ShapeProto.Dimension.newBuilder().setDimParam("N"));
        for (long side : rest) {
            shape.addDim(ShapeProto.Dimension.newBuilder().setDimValue(side));
        }
        return ValueProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.TensorType.newBuilder()
                                .setElemType(type)
                                .setShape(shape)))
                .build();
    }
}
