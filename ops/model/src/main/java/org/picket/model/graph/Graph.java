package org.picket.model.graph;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.picket.model.onnx.AttributeProto;
import org.picket.model.onnx.FunctionProto;
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
/// Its own operations are such as mean the same in every standard operator set from
/// [OnnxModel#OLDEST_OPSET] on, so that it can take in a model written against any of them.
public final class Graph {
    /// Version of the standard operator set that the graphs are written against.
    public static final int OPSET = 17;

    private static final int IR_VERSION = 8;
    private static final int FLOAT = ElementType.FLOAT.number();
    private static final int UINT8 = ElementType.UINT8.number();
    private static final int INT64 = ElementType.INT64.number();
    private static final String VIEWS = "views";
    private static final String SCORES = "scores";

    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final String prefix;
    private List<OperatorSetProto> opsets =
            List.of(OperatorSetProto.newBuilder().setVersion(OPSET).build());
    private List<FunctionProto> functions = List.of();
    private List<Path> files = List.of();
    private long irVersion = IR_VERSION;
    private int named;

    private Graph(String prefix) {
        this.prefix = prefix;
    }

    /// A graph whose one input is `views`, uint8 `[N, size, size, 3]`.
    public static Graph ofViews(String name, int size) {
        return new Graph("").input(name, VIEWS, UINT8, size, size, 3);
    }

    /// A graph whose one input is `views`, and that [#include]s a model: none of its own names is the model's.
    public static Graph around(OnnxModel model, String name, int size) {
        return new Graph(Names.unusedPrefix(model.proto().getGraph())).input(name, VIEWS, UINT8, size, size, 3);
    }

    /// A graph with one input of any kind, whose first axis is the batch: encoders for tests and benches.
    public static Graph of(String name, String input, ElementType type, long... rest) {
        return new Graph("").input(name, input, type.number(), rest);
    }

    private Graph input(String name, String input, int type, long... rest) {
        graph.setName(name).addInput(value(input, type, rest));
        return this;
    }

    /// Adds one more input, whose first axis is the batch.
    public String input(String input, ElementType type, long... rest) {
        graph.addInput(value(input, type.number(), rest));
        return input;
    }

    /// Takes in a model that has one input and one output, with its weights, functions and operator sets: our
    /// own operations then count as written against the model's standard operator set.
    ///
    /// @param value what the model's input is to be
    /// @return the model's output
    public String include(OnnxModel model, String value) {
        Map<String, String> renamed = Map.of(VIEWS, prefix + "inner-views", SCORES, prefix + "inner-scores");
        GraphProto inner = Names.renamed(model.proto().getGraph(), renamed);
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Identity")
                .setName(name("input"))
                .addInput(value)
                .addOutput(inner.getInput(0).getName()));
        graph.addAllNode(inner.getNodeList())
                .addAllInitializer(inner.getInitializerList())
                .addAllSparseInitializer(inner.getSparseInitializerList());
        opsets = model.proto().getOpsetImportList();
        functions = model.proto().getFunctionsList();
        files = model.files();
        irVersion = Math.max(irVersion, model.proto().getIrVersion());
        return inner.getOutput(0).getName();
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

    /// Adds a constant of raw little-endian elements: weights in another precision.
    public String constant(ElementType type, ByteBuffer raw, long... shape) {
        return constant(type.number(), raw, shape);
    }

    /// Adds an operation of several outputs, without attributes.
    public List<String> applyForSeveral(int outputs, String operation, String... inputs) {
        List<String> names =
                Stream.generate(() -> name(operation)).limit(outputs).toList();
        graph.addNode(NodeProto.newBuilder()
                .setOpType(operation)
                .setName(names.getFirst())
                .addAllInput(List.of(inputs))
                .addAllOutput(names));
        return names;
    }

    /// The place of the largest value along an axis; that axis stays, one long.
    public String largestAt(int axis, String input) {
        return node("ArgMax", List.of(integer("axis", axis)), input);
    }

    /// Casts to float.
    public String castToFloat(String input) {
        return cast(input, ElementType.FLOAT);
    }

    /// Casts to another type.
    public String cast(String input, ElementType type) {
        return node("Cast", List.of(integer("to", type.number())), input);
    }

    /// Rows made to add up to 1; input and output are `[N, K]`.
    public String softmax(String input) {
        return node("Softmax", List.of(integer("axis", 1)), input);
    }

    /// Takes elements along an axis.
    public String gather(int axis, String input, String indices) {
        return node("Gather", List.of(integer("axis", axis)), input, indices);
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
        return scored(value, concepts).toByteArray();
    }

    /// As [#scores], not yet stored.
    ///
    /// @param file what messages call it
    public OnnxModel scored(String file, String value, int concepts) {
        return new OnnxModel(file, scored(value, concepts), files);
    }

    private ModelProto scored(String value, int concepts) {
        return output(value, SCORES, ElementType.FLOAT, concepts);
    }

    /// Declares `value` to be the output of any name and shape, and returns the model.
    public ModelProto output(String value, String output, ElementType type, long... rest) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Identity")
                .setName(prefix + output)
                .addInput(value)
                .addOutput(output));
        graph.addOutput(value(output, type.number(), rest));
        return ModelProto.newBuilder()
                .setIrVersion(irVersion)
                .setProducerName("picket")
                .setGraph(graph)
                .addAllOpsetImport(opsets)
                .addAllFunctions(functions)
                .build();
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
        return prefix + base + "-" + named++;
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

    /// A value whose first axis is the batch; other free axes share one name.
    private static ValueProto value(String name, int type, long... rest) {
        ShapeProto.Builder shape =
                ShapeProto.newBuilder().addDim(ShapeProto.Dimension.newBuilder().setDimParam("N"));
        for (long side : rest) {
            ShapeProto.Dimension.Builder dimension = ShapeProto.Dimension.newBuilder();
            shape.addDim(side == Port.FREE ? dimension.setDimParam("M") : dimension.setDimValue(side));
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
