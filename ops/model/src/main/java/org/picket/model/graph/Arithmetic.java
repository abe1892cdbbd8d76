package org.picket.model.graph;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.picket.model.onnx.AttributeProto;
import org.picket.model.onnx.GraphProto;
import org.picket.model.onnx.NodeProto;
import org.picket.model.onnx.TensorProto;
import org.picket.proto.v1.BundlePrecision;

/// What a model's heavy operations compute in, read off its operations and weights. Pure.
public final class Arithmetic {
    private static final Set<String> QUANTISED = Set.of(
            "DynamicQuantizeLinear",
            "QuantizeLinear",
            "DequantizeLinear",
            "MatMulInteger",
            "ConvInteger",
            "QLinearMatMul",
            "QLinearConv",
            "DynamicQuantizeMatMul",
            "MatMulIntegerToFloat",
            "QAttention",
            "QGemm",
            "QLinearAdd",
            "MatMulNBits");

    private static final int FLOAT16 = 10;
    private static final int BFLOAT16 = 16;
    private static final int FLOAT = 1;

    private Arithmetic() {}

    /// INT8 where any operation is quantised; else FP16 where most weights have 16 bits; else FP32.
    public static BundlePrecision of(OnnxModel model) {
        GraphProto graph = model.proto().getGraph();
        boolean quantised = Stream.concat(
                        nodes(graph.getNodeList()),
                        model.proto().getFunctionsList().stream().flatMap(function -> nodes(function.getNodeList())))
                .anyMatch(node -> QUANTISED.contains(node.getOpType()));
        if (quantised) {
            return BundlePrecision.BUNDLE_PRECISION_INT8;
        }
        long half = elements(graph, FLOAT16) + elements(graph, BFLOAT16);
        return half > elements(graph, FLOAT)
                ? BundlePrecision.BUNDLE_PRECISION_FP16
                : BundlePrecision.BUNDLE_PRECISION_FP32;
    }

    private static Stream<NodeProto> nodes(List<NodeProto> nodes) {
        return nodes.stream()
                .flatMap(node -> Stream.concat(
                        Stream.of(node),
                        node.getAttributeList().stream()
                                .filter(AttributeProto::hasG)
                                .flatMap(attribute -> nodes(attribute.getG().getNodeList()))));
    }

    private static long elements(GraphProto graph, int type) {
        return graph.getInitializerList().stream()
                .filter(tensor -> tensor.getDataType() == type)
                .map(TensorProto::getDimsList)
                .mapToLong(sides -> sides.stream().reduce(1L, (left, right) -> left * right))
                .sum();
    }
}
