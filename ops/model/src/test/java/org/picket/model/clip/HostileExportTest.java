package org.picket.model.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.model.graph.ElementType;
import org.picket.model.graph.Graph;
import org.picket.model.graph.ModelFault;
import org.picket.model.graph.OnnxModel;
import org.picket.model.onnx.AttributeProto;
import org.picket.model.onnx.FunctionProto;
import org.picket.model.onnx.GraphProto;
import org.picket.model.onnx.ModelProto;
import org.picket.model.onnx.NodeProto;
import org.picket.model.onnx.ShapeProto;
import org.picket.model.onnx.SparseTensorProto;
import org.picket.model.onnx.TensorProto;
import org.picket.proto.v1.BundlePrecision;

/// Exports that mean harm, or are so broken that they might as well.
class HostileExportTest {
    private static final TensorProto ELSEWHERE = TensorProto.newBuilder()
            .setName("elsewhere")
            .setDataType(1)
            .addDims(1)
            .setDataLocation(TensorProto.Location.EXTERNAL)
            .addExternalData(TensorProto.Entry.newBuilder().setKey("location").setValue("/etc/hostname"))
            .build();

    @TempDir
    Path folder;

    private Rehearsal exported;

    @BeforeEach
    void export() throws IOException {
        exported = Rehearsal.in(folder, BundlePrecision.BUNDLE_PRECISION_FP32);
    }

    private static ModelProto read(Path model) throws IOException {
        return ModelProto.parseFrom(Files.readAllBytes(model));
    }

    private static void change(Path model, Consumer<ModelProto.Builder> change) throws IOException {
        ModelProto.Builder builder = read(model).toBuilder();
        change.accept(builder);
        Files.write(model, builder.build().toByteArray());
    }

    private String refusal() {
        return assertThrows(ModelFault.class, exported::build).getMessage();
    }

    private void refused(String words) {
        String refusal = refusal();
        assertTrue(refusal.contains(words), refusal);
    }

    /// Moves one tensor's elements into a file of that name.
    private static byte[] apart(Path model, String name) throws IOException {
        byte[][] moved = new byte[1][];
        change(model, builder -> {
            TensorProto.Builder tensor = builder.getGraphBuilder().getInitializerBuilderList().stream()
                    .filter(one -> one.getRawData().size() > 1_000)
                    .findFirst()
                    .orElseThrow();
            moved[0] = tensor.getRawData().toByteArray();
            tensor.clearRawData()
                    .setDataLocation(TensorProto.Location.EXTERNAL)
                    .addExternalData(
                            TensorProto.Entry.newBuilder().setKey("location").setValue(name))
                    .addExternalData(
                            TensorProto.Entry.newBuilder().setKey("length").setValue(String.valueOf(moved[0].length)));
        });
        return moved[0];
    }

    @Test
    void weightsThatAreALinkToAnotherFolderAreNotTakenIn() throws IOException {
        byte[] weights = apart(exported.vision(), "weights");
        Path secret = Files.createDirectories(folder.resolve("home")).resolve("secret");
        Files.write(secret, weights);
        Files.createSymbolicLink(exported.vision().resolveSibling("weights"), secret);
        refused("is a link that leads out of the folder");
    }

    /// As the cache of the tool has it that people fetch exports with.
    @Test
    void linksIntoTheFolderInWhichTheModelItselfLiesAreFollowed() throws IOException {
        byte[] weights = apart(exported.vision(), "weights");
        Path contents = Files.createDirectories(folder.resolve("blobs"));
        Files.write(contents.resolve("aaaa"), weights);
        Files.move(exported.vision(), contents.resolve("bbbb"));
        Files.createSymbolicLink(exported.vision().resolveSibling("weights"), Path.of("../blobs/aaaa"));
        Files.createSymbolicLink(exported.vision(), Path.of("../blobs/bbbb"));
        exported.build();
        assertEquals(3, BuiltBundle.read(exported.bundle()).manifest().getConceptsCount());
    }

    @Test
    void filesThatConstantsDeepInsideNameAreNeverOpened() throws IOException {
        AttributeProto tensor =
                AttributeProto.newBuilder().setName("value").setT(ELSEWHERE).build();
        NodeProto node = NodeProto.newBuilder()
                .setOpType("Constant")
                .addOutput("c")
                .addAttribute(tensor)
                .build();
        GraphProto inner = GraphProto.newBuilder().addNode(node).build();
        AttributeProto nested = AttributeProto.newBuilder()
                .setName("then_branch")
                .setG(GraphProto.newBuilder()
                        .addNode(NodeProto.newBuilder()
                                .setOpType("If")
                                .addAttribute(AttributeProto.newBuilder()
                                        .setName("else_branch")
                                        .setG(inner))))
                .build();
        List<AttributeProto> hidden = List.of(
                tensor,
                nested,
                AttributeProto.newBuilder().addGraphs(inner).build(),
                AttributeProto.newBuilder().addTensors(ELSEWHERE).build(),
                AttributeProto.newBuilder()
                        .setSparseTensor(SparseTensorProto.newBuilder().setIndices(ELSEWHERE))
                        .build(),
                AttributeProto.newBuilder()
                        .addSparseTensors(SparseTensorProto.newBuilder().setValues(ELSEWHERE))
                        .build());
        byte[] clean = Files.readAllBytes(exported.vision());
        for (AttributeProto attribute : hidden) {
            Files.write(exported.vision(), clean);
            change(
                    exported.vision(),
                    model -> model.getGraphBuilder().getNodeBuilder(0).addAttribute(attribute));
            refused("keeps constants of single operations outside of the file");
        }
        Files.write(exported.vision(), clean);
        change(
                exported.vision(),
                model -> model.addFunctions(FunctionProto.newBuilder().addNode(node)));
        refused("keeps constants of single operations outside of the file");
        Files.write(exported.vision(), clean);
        change(
                exported.vision(),
                model -> model.getGraphBuilder()
                        .addSparseInitializer(SparseTensorProto.newBuilder().setValues(ELSEWHERE)));
        refused("keeps constants of single operations outside of the file");
    }

    @Test
    void operationsOfSomebodysOwnAreRefusedInWords() throws IOException {
        change(exported.vision(), model -> {
            model.addOpsetImportBuilder().setDomain("evil.example").setVersion(1);
            model.getGraphBuilder().getNodeBuilder(0).setDomain("evil.example");
        });
        refused("cannot load the vision encoder");
    }

    @Test
    void exportThatSeesNothingIsNoBundle() throws IOException {
        Files.writeString(
                folder.resolve("preprocessor_config.json"),
                "{\"crop_size\":32,\"rescale_factor\":0,\"image_mean\":[0.5,0.4,0.3],\"image_std\":[0.3,0.25,0.2]}");
        refused("the same on all golden views");
    }

    @Test
    void operationsThatWouldFillTheHeapAreRefusedBeforeTheyAreRead() throws IOException {
        ByteString much = ByteString.copyFrom(new byte[65 << 20]);
        change(
                exported.vision(),
                model -> model.getGraphBuilder()
                        .getNodeBuilder(0)
                        .addAttributeBuilder()
                        .setT(TensorProto.newBuilder().setRawData(much)));
        refused("beside the raw data of its weights");
    }

    @Test
    void nestingWithoutEndIsNoModel() throws IOException {
        ByteString inner = ByteString.EMPTY;
        for (int depth = 0; depth < 300; depth++) {
            // A graph with one node with one attribute that is a graph.
            inner = wrapped(1, wrapped(5, wrapped(6, inner)));
        }
        Files.write(exported.vision(), wrapped(7, inner).toByteArray());
        refused("is no ONNX model");
    }

    private static ByteString wrapped(int field, ByteString message) {
        return com.google.protobuf.UnknownFieldSet.newBuilder()
                .addField(
                        field,
                        com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(message)
                                .build())
                .build()
                .toByteString();
    }

    @Test
    void textsOfTwoThousandMillionTokensAreNotMade() throws IOException {
        change(
                exported.text(),
                model -> model.getGraphBuilder().getInputBuilderList().stream()
                        .filter(input -> input.getName().equals("input_ids"))
                        .forEach(input -> input.getTypeBuilder()
                                .getTensorTypeBuilder()
                                .getShapeBuilder()
                                .setDim(1, ShapeProto.Dimension.newBuilder().setDimValue(Integer.MAX_VALUE))));
        refused("texts of more than 1024 tokens");
    }

    @Test
    void outputOfWholeNumbersIsRefusedInWords() throws IOException {
        Graph graph = Graph.of("whole", "pixel_values", ElementType.FLOAT, 3, Rehearsal.SIZE, Rehearsal.SIZE);
        String whole = graph.cast(graph.flatten("pixel_values"), ElementType.INT64);
        long numbers = 3L * Rehearsal.SIZE * Rehearsal.SIZE;
        exported.vision(
                new OnnxModel("whole", graph.output(whole, "image_embeds", ElementType.INT64, numbers), List.of()));
        refused("not as a tensor of 16- or 32-bit floats");
    }

    @Test
    void hiddenStatesWithoutTokensAreRefusedInWords() throws IOException {
        Graph graph = Graph.of("flat", "pixel_values", ElementType.FLOAT, 3, Rehearsal.SIZE, Rehearsal.SIZE);
        long numbers = 3L * Rehearsal.SIZE * Rehearsal.SIZE;
        exported.vision(new OnnxModel(
                "flat",
                graph.output(graph.flatten("pixel_values"), "last_hidden_state", ElementType.FLOAT, numbers),
                List.of()));
        Safetensors weights = Safetensors.write(folder.resolve("model.safetensors"));
        String refusal = assertThrows(
                        ModelFault.class, () -> exported.build(exported.parts(Optional.of(weights.file()))))
                .getMessage();
        assertTrue(refusal.contains("not one row of numbers for each token"), refusal);
    }

    @Test
    void tokensNeedNumbersThatCanBe() throws IOException {
        Path tokenizer = folder.resolve("tokenizer.json");
        String sound = Files.readString(tokenizer);
        for (Map.Entry<String, String> wrong : Map.of(
                        "-3", "numbers below 0", "1e99", "without numbers", "\"x\"", "without numbers")
                .entrySet()) {
            Files.writeString(
                    tokenizer,
                    sound.replaceFirst("\"vocab\"\\s*:\\s*\\{", "\"vocab\":{\"odd\":" + wrong.getKey() + ","));
            refused(wrong.getValue());
        }
        try (RandomAccessFile large = new RandomAccessFile(tokenizer.toFile(), "rw")) {
            large.setLength(9 << 20);
        }
        refused("is larger than");
    }

    @Test
    void projectionLargerThanAnyIsNotMade() throws IOException {
        byte[] header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[20000,20000],\"data_offsets\":[0,1600000000]}}"
                .getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("large.safetensors");
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            large.write(header);
            large.setLength(1_600_000_000L + Long.BYTES + header.length);
        }
        String refusal = assertThrows(ModelFault.class, () -> new WeightsFile(file).tensor("w"))
                .getMessage();
        assertTrue(refusal.contains("what should be a projection"), refusal);
    }

    @Test
    void bundleDoesNotTakeTheNameOfAFolder() throws IOException {
        Files.createDirectory(exported.bundle());
        refused("is a folder");
    }
}
