package org.picket.agent.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.model.BundleDraft;
import org.picket.model.BundleWriter;
import org.picket.model.graph.Graph;
import org.picket.model.onnx.AttributeProto;
import org.picket.model.onnx.FunctionProto;
import org.picket.model.onnx.GraphProto;
import org.picket.model.onnx.ModelProto;
import org.picket.model.onnx.NodeProto;
import org.picket.model.onnx.SparseTensorProto;
import org.picket.model.onnx.TensorProto;

class ModelRulesTest {
    private static final int SIZE = 4;
    private static final String ELSEWHERE = "its model takes weights from outside of the bundle";

    private static final Optional<String> NO_MODEL = Optional.of("its model is no ONNX model");

    /// A file in the folder in which the command runs, and what the runtime takes for an address in memory.
    private static final List<String> PLACES = List.of("pom.xml", "*/_ORT_MEM_ADDR_/*");

    private static TensorProto external(String place) {
        return TensorProto.newBuilder()
                .setName("w")
                .setDataType(1)
                .addDims(1)
                .setDataLocation(TensorProto.Location.EXTERNAL)
                .addExternalData(
                        TensorProto.Entry.newBuilder().setKey("location").setValue(place))
                .build();
    }

    private static ByteBuffer bytes(ModelProto model) {
        return ByteBuffer.wrap(model.toByteArray());
    }

    private static ModelProto graph(GraphProto.Builder graph) {
        return ModelProto.newBuilder().setGraph(graph).build();
    }

    private static GraphProto.Builder attribute(AttributeProto.Builder attribute) {
        return GraphProto.newBuilder()
                .addNode(NodeProto.newBuilder().setOpType("Constant").addAttribute(attribute));
    }

    private static BundleOpening opened(byte[] graph) {
        byte[] file = BundleWriter.write(new BundleDraft(
                "test",
                "1",
                SIZE,
                List.of("red"),
                graph,
                new BundleDraft.Golden(List.of(new byte[SIZE * SIZE * 3]), new float[] {0}),
                new BundleDraft.Text("A test. Not a detector.", "card", Map.of())));
        return Bundle.read("test", new ByteArrayInputStream(file));
    }

    private static byte[] sound() {
        Graph graph = Graph.ofViews("test", SIZE);
        String corner = graph.apply(
                "Slice", "views", graph.integers(0, 0, 0), graph.integers(1, 1, 1), graph.integers(1, 2, 3));
        return graph.scores(
                graph.apply("Mul", graph.flatten(graph.castToFloat(corner)), graph.constant(new float[] {0.001f}, 1)),
                1);
    }

    @Test
    void bundleWhoseWeightsLieElsewhereIsNotOpened() throws Exception {
        assertInstanceOf(BundleOpening.Opened.class, opened(sound()));
        for (String place : PLACES) {
            ModelProto.Builder model = ModelProto.parseFrom(sound()).toBuilder();
            for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
                if (tensor.getDataType() == 1) {
                    tensor.clearRawData()
                            .setDataLocation(TensorProto.Location.EXTERNAL)
                            .addAllExternalData(external(place).getExternalDataList());
                }
            }
            BundleFault fault = assertInstanceOf(
                            BundleOpening.Refused.class, opened(model.build().toByteArray()))
                    .fault();
            assertEquals(new BundleFault.Unsafe("test", ELSEWHERE), fault);
            assertTrue(fault.inWords().contains("must not be run"), fault.inWords());
        }
    }

    @Test
    void weightsFromElsewhereAreFoundWhereverTheyStand() {
        TensorProto tensor = external("x");
        GraphProto.Builder constant = attribute(AttributeProto.newBuilder().setT(tensor));
        SparseTensorProto.Builder sparse = SparseTensorProto.newBuilder().setIndices(tensor);
        for (ModelProto model : List.of(
                graph(GraphProto.newBuilder().addInitializer(tensor)),
                graph(GraphProto.newBuilder().addSparseInitializer(sparse)),
                graph(constant),
                graph(attribute(AttributeProto.newBuilder().setG(constant))),
                graph(attribute(AttributeProto.newBuilder().addGraphs(constant))),
                graph(attribute(AttributeProto.newBuilder().addTensors(tensor))),
                graph(attribute(AttributeProto.newBuilder().setSparseTensor(sparse))),
                graph(attribute(AttributeProto.newBuilder().addSparseTensors(sparse))),
                ModelProto.newBuilder()
                        .addFunctions(FunctionProto.newBuilder().addNode(constant.getNode(0)))
                        .build(),
                graph(GraphProto.newBuilder()
                        .addInitializer(tensor.toBuilder().clearExternalData().build())),
                graph(GraphProto.newBuilder()
                        .addInitializer(tensor.toBuilder().clearDataLocation().build())))) {
            assertEquals(Optional.of(ELSEWHERE), ModelRules.wrong(bytes(model)), model::toString);
        }
    }

    @Test
    void fieldWhoseNumberIsCutToAnotherIsNoField() {
        TensorProto tensor = external("x");
        ByteString graph =
                GraphProto.newBuilder().addInitializer(tensor).build().toByteString();
        for (long beyond : List.of(1L, 2L, 7L, 1L << 20, 1L << 31)) {
            assertEquals(NO_MODEL, ModelRules.wrong(far(beyond, 7, graph).asReadOnlyByteBuffer()));
            assertEquals(
                    NO_MODEL,
                    ModelRules.wrong(
                            wrapped(7, far(beyond, 5, tensor.toByteString())).asReadOnlyByteBuffer()));
        }
        assertEquals(NO_MODEL, ModelRules.wrong(far(0, 0, graph).asReadOnlyByteBuffer()));
    }

    /// A message under a field number with bits beyond the 32 that a tag has.
    private static ByteString far(long beyond, int field, ByteString message) {
        ByteString.Output bytes = ByteString.newOutput();
        varint(bytes, (beyond << 32) | ((long) field << 3) | 2);
        varint(bytes, message.size());
        return bytes.toByteString().concat(message);
    }

    private static void varint(ByteString.Output bytes, long value) {
        long left = value;
        while (left >>> 7 != 0) {
            bytes.write((int) (left & 0x7f | 0x80));
            left >>>= 7;
        }
        bytes.write((int) left);
    }

    @Test
    void programsForOneDeviceAreNoOperations() {
        ModelProto model = graph(GraphProto.newBuilder()
                .addNode(NodeProto.newBuilder().setOpType("EPContext").setDomain("com.microsoft")));
        assertTrue(ModelRules.wrong(bytes(model)).orElseThrow().contains("EPContext"));
    }

    @Test
    void whatIsCutOrNestedWithoutEndIsNoModel() {
        byte[] whole = sound();
        for (int length = 1; length < whole.length; length++) {
            // Cut between two of the outermost fields it is a model still, which the runtime will refuse.
            Optional<String> wrong = ModelRules.wrong(ByteBuffer.wrap(Arrays.copyOf(whole, length)));
            assertTrue(wrong.isEmpty() || wrong.equals(NO_MODEL), wrong::toString);
        }
        ByteString inner = ByteString.EMPTY;
        for (int depth = 0; depth < 300; depth++) {
            inner = wrapped(1, wrapped(5, wrapped(6, inner)));
        }
        Optional<String> nested =
                ModelRules.wrong(ByteBuffer.wrap(wrapped(7, inner).toByteArray()));
        assertEquals(Optional.of("its model has more than 100 messages within each other"), nested);
    }

    private static ByteString wrapped(int field, ByteString message) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        field,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(message)
                                .build())
                .build()
                .toByteString();
    }
}
