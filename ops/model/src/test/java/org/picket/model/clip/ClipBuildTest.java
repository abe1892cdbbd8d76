package org.picket.model.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.picket.model.build.Golden;
import org.picket.model.graph.ElementType;
import org.picket.model.graph.ModelFault;
import org.picket.model.graph.OnnxModel;
import org.picket.model.onnx.GraphProto;
import org.picket.model.onnx.ModelProto;
import org.picket.model.onnx.ShapeProto;
import org.picket.model.onnx.TensorProto;
import org.picket.model.rehearsal.Ending;
import org.picket.model.rehearsal.RandomClip;
import org.picket.model.tokenizer.ClipTokenizer;
import org.picket.model.tokenizer.TokenizerFiles;
import org.picket.proto.v1.BundlePrecision;

class ClipBuildTest {
    private static final double[] MEAN = {0.5, 0.4, 0.3};
    private static final double[] DEVIATION = {0.3, 0.25, 0.2};

    @TempDir
    Path folder;

    /// The graph against both encoders run by ONNX Runtime, averages and cosines in Java: no code of the build's.
    @ParameterizedTest
    @CsvSource({"BUNDLE_PRECISION_FP32, 0.00002", "BUNDLE_PRECISION_FP16, 0.003", "BUNDLE_PRECISION_INT8, 0.003"})
    void scoresAreTheCosinesOfTheTwoEncoders(BundlePrecision precision, double tolerance) throws Exception {
        Rehearsal exported = Rehearsal.in(folder, precision);
        exported.build();
        BuiltBundle bundle = BuiltBundle.read(exported.bundle());
        assertEquals(precision, bundle.manifest().getPrecision());
        assertEquals(
                List.of("lighthouse", "snow", "night_sky"), bundle.manifest().getConceptsList());
        // Filled up to the full length, which must change nothing; but scales of a whole text take that in.
        int length = precision == BundlePrecision.BUNDLE_PRECISION_INT8 ? 0 : 77;
        List<double[]> concepts = concepts(exported, length);
        double spread = 0;
        for (byte[] view : Golden.views(Rehearsal.SIZE)) {
            float[] scores = bundle.scores(List.of(view))[0];
            double[] image = image(exported, view);
            for (int at = 0; at < scores.length; at++) {
                assertEquals(cosine(image, concepts.get(at)), scores[at], tolerance);
                spread = Math.max(spread, Math.abs(scores[at] - scores[0]));
            }
        }
        assertTrue(spread > 0.01, "the encoders say the same of everything");
    }

    private static List<double[]> concepts(Rehearsal exported, int length) throws OrtException {
        ClipTokenizer tokenizer = TokenizerFiles.read(exported.folder()).tokenizer();
        return List.of(
                mean(
                        direction(text(exported, tokenizer, "a photo of a lighthouse", length)),
                        direction(text(exported, tokenizer, "a lighthouse by the sea", length))),
                direction(text(exported, tokenizer, "snow in the mountains", length)),
                mean(
                        direction(text(exported, tokenizer, "stars at night", length)),
                        direction(text(exported, tokenizer, "a night sky", length)),
                        direction(text(exported, tokenizer, "it's night", length))));
    }

    private static double[] text(Rehearsal exported, ClipTokenizer tokenizer, String prompt, int least)
            throws OrtException {
        int real = tokenizer.encode(prompt).length;
        int length = Math.max(least, real);
        long[] ids = Arrays.copyOf(tokenizer.encode(prompt), length);
        Arrays.fill(ids, real, length, tokenizer.end());
        long[] mask = new long[length];
        Arrays.fill(mask, 0, real, 1);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(exported.text().toString());
                OnnxTensor input = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), new long[] {1, length});
                OnnxTensor seen = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), new long[] {1, length});
                OrtSession.Result result = session.run(Map.of("input_ids", input, "attention_mask", seen))) {
            // Of hidden states that of the end mark.
            return result.get(0).getValue() instanceof float[][][] hidden
                    ? wide(hidden[0][real - 1])
                    : wide(((float[][]) result.get(0).getValue())[0]);
        }
    }

    private static double[] image(Rehearsal exported, byte[] view) throws OrtException {
        float[] planes = new float[view.length];
        int pixels = view.length / 3;
        for (int at = 0; at < view.length; at++) {
            planes[at % 3 * pixels + at / 3] = (float) (((view[at] & 0xFF) / 255.0 - MEAN[at % 3]) / DEVIATION[at % 3]);
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(exported.vision().toString());
                OnnxTensor input = OnnxTensor.createTensor(
                        environment, FloatBuffer.wrap(planes), new long[] {1, 3, Rehearsal.SIZE, Rehearsal.SIZE});
                OrtSession.Result result = session.run(Map.of("pixel_values", input))) {
            // Of hidden states that of the class token.
            return result.get(0).getValue() instanceof float[][][] hidden
                    ? wide(hidden[0][0])
                    : wide(((float[][]) result.get(0).getValue())[0]);
        }
    }

    private static double[] wide(float[] values) {
        double[] wide = new double[values.length];
        Arrays.setAll(wide, at -> values[at]);
        return wide;
    }

    private static double[] direction(double[] vector) {
        double length =
                Math.sqrt(Arrays.stream(vector).map(value -> value * value).sum());
        return Arrays.stream(vector).map(value -> value / length).toArray();
    }

    private static double[] mean(double[]... vectors) {
        double[] sum = new double[vectors[0].length];
        for (double[] vector : vectors) {
            Arrays.setAll(sum, at -> sum[at] + vector[at] / vectors.length);
        }
        return sum;
    }

    private static double cosine(double[] one, double[] other) {
        double[] a = direction(one);
        double[] b = direction(other);
        double sum = 0;
        for (int at = 0; at < a.length; at++) {
            sum += a[at] * b[at];
        }
        return sum;
    }

    @Test
    void bundleTellsItsSourcesAndNotItsPrompts() throws Exception {
        Rehearsal exported = Rehearsal.in(folder, BundlePrecision.BUNDLE_PRECISION_FP32);
        exported.build();
        BuiltBundle bundle = BuiltBundle.read(exported.bundle());
        assertEquals(
                List.of(
                        "concepts: concepts.textproto",
                        "preprocessor: preprocessor_config.json",
                        "text encoder: text_model.onnx",
                        "tokenizer: tokenizer.json",
                        "vision encoder: vision_model.onnx"),
                bundle.manifest().getSourcesList().stream()
                        .map(source -> source.getName())
                        .toList());
        assertTrue(bundle.card().contains("A note."));
        assertTrue(bundle.manifest().getNotice().contains("nobody has measured"));
        for (String prompt : List.of("by the sea", "stars at night")) {
            assertFalse(bundle.card().contains(prompt));
            assertFalse(new String(bundle.model(), java.nio.charset.StandardCharsets.ISO_8859_1).contains(prompt));
        }
        assertEquals(Golden.VIEWS, bundle.manifest().getGoldenViews());
        try (Stream<Path> left = Files.list(folder)) {
            assertTrue(left.noneMatch(path -> path.getFileName().toString().startsWith(".picket-build")));
        }
    }

    @Test
    void sameFilesGiveTheSameBundle() throws Exception {
        Rehearsal exported = Rehearsal.in(folder, BundlePrecision.BUNDLE_PRECISION_FP32);
        exported.build();
        byte[] first = Files.readAllBytes(exported.bundle());
        exported.build();
        assertArrayEquals(first, Files.readAllBytes(exported.bundle()));
    }

    @Test
    void weightsBesideTheModelGiveTheSameGraph() throws Exception {
        Rehearsal exported = Rehearsal.in(folder, BundlePrecision.BUNDLE_PRECISION_FP32);
        exported.build();
        byte[] whole = BuiltBundle.read(exported.bundle()).model();
        apart(exported.vision(), "vision_model.onnx_data");
        exported.build();
        BuiltBundle bundle = BuiltBundle.read(exported.bundle());
        assertArrayEquals(whole, bundle.model());
        assertTrue(bundle.manifest().getSourcesList().stream()
                .anyMatch(source -> source.getName().equals("vision encoder: vision_model.onnx_data")));
        Path data = exported.vision().resolveSibling("vision_model.onnx_data");
        Files.write(data, Arrays.copyOf(Files.readAllBytes(data), 1_000));
        assertTrue(refusal(exported).contains("end before"));
        Files.delete(data);
        assertTrue(refusal(exported).contains("Fetch that file too"));
        apart(exported.text(), "../elsewhere");
        assertTrue(refusal(exported).contains("outside of its own folder"));
    }

    /// Moves the weights of a model into a file of their own, as exporters do with large ones.
    private static void apart(Path model, String name) throws IOException {
        ModelProto proto = ModelProto.parseFrom(Files.readAllBytes(model));
        GraphProto.Builder graph = proto.getGraph().toBuilder();
        var data = new java.io.ByteArrayOutputStream();
        for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
            if (tensor.getRawData().size() < 64) {
                continue;
            }
            tensor.addExternalData(entry("location", name))
                    .addExternalData(entry("offset", String.valueOf(data.size())))
                    .addExternalData(
                            entry("length", String.valueOf(tensor.getRawData().size())))
                    .setDataLocation(TensorProto.Location.EXTERNAL);
            tensor.getRawData().writeTo(data);
            tensor.clearRawData();
        }
        Files.write(model, proto.toBuilder().setGraph(graph).build().toByteArray());
        Files.write(model.resolveSibling(name).normalize(), data.toByteArray());
    }

    private static TensorProto.Entry entry(String key, String value) {
        return TensorProto.Entry.newBuilder().setKey(key).setValue(value).build();
    }

    private static String refusal(Rehearsal exported) {
        return assertThrows(ModelFault.class, exported::build).getMessage();
    }

    @Test
    void oneExportOfBothEncodersServesAsEither() throws Exception {
        Rehearsal exported = Rehearsal.in(folder, BundlePrecision.BUNDLE_PRECISION_FP32);
        exported.build();
        BuiltBundle apart = BuiltBundle.read(exported.bundle());
        ModelProto vision = ModelProto.parseFrom(Files.readAllBytes(exported.vision()));
        // Names of the two must not meet: those of the text encoder get another beginning.
        String text = ModelProto.parseFrom(Files.readAllBytes(exported.text())).toString();
        ModelProto.Builder renamed = ModelProto.newBuilder();
        com.google.protobuf.TextFormat.merge(text.replaceAll("\"([A-Za-z]+-[0-9]+)\"", "\"text/$1\""), renamed);
        GraphProto both =
                vision.getGraph().toBuilder().mergeFrom(renamed.getGraph()).build();
        Path file = exported.folder().resolve("onnx").resolve("model.onnx");
        Files.write(file, vision.toBuilder().setGraph(both).build().toByteArray());
        exported.build(new ClipBuild.Parts(file, file, folder, Optional.empty(), Optional.empty()));
        BuiltBundle together = BuiltBundle.read(exported.bundle());
        assertEquals(apart.manifest().getGoldenScoresList(), together.manifest().getGoldenScoresList());
        assertArrayEquals(apart.model(), together.model());
    }

    @Test
    void namesOfTheEncoderThatMeetOursAreChanged() throws Exception {
        Rehearsal exported = Rehearsal.in(folder, BundlePrecision.BUNDLE_PRECISION_FP32);
        exported.build();
        BuiltBundle plain = BuiltBundle.read(exported.bundle());
        ModelProto vision = ModelProto.parseFrom(Files.readAllBytes(exported.vision()));
        String text = vision.toString();
        Map<String, String> met =
                Map.of("Conv", "views", "Softmax", "scores", "MatMul", "picket/constant-1", "Add", "picket1/Cast-0");
        for (Map.Entry<String, String> name : met.entrySet()) {
            String value = vision.getGraph().getNodeList().stream()
                    .filter(node -> node.getOpType().equals(name.getKey()))
                    .findFirst()
                    .orElseThrow()
                    .getOutput(0);
            text = text.replace("\"" + value + "\"", "\"" + name.getValue() + "\"");
        }
        ModelProto.Builder renamed = ModelProto.newBuilder();
        com.google.protobuf.TextFormat.merge(text, renamed);
        Files.write(exported.vision(), renamed.build().toByteArray());
        exported.build();
        BuiltBundle changed = BuiltBundle.read(exported.bundle());
        List<byte[]> views = Golden.views(Rehearsal.SIZE);
        assertTrue(Arrays.deepEquals(plain.scores(views), changed.scores(views)));
    }

    @ParameterizedTest
    @EnumSource(names = {"POOLED", "HIDDEN"})
    void whatTheExportsLackComesFromTheWeights(Ending ending) throws Exception {
        Rehearsal exported = Rehearsal.in(folder, BundlePrecision.BUNDLE_PRECISION_FP32, ending);
        assertTrue(refusal(exported).contains("--weights"));
        Safetensors weights = Safetensors.write(folder.resolve("model.safetensors"));
        exported.build(exported.parts(Optional.of(weights.file())));
        float score = BuiltBundle.read(exported.bundle()).scores(List.of(view()))[0][1];
        double[] image = image(exported, view());
        double[] pooled = ending == Ending.HIDDEN ? weights.normalised(image) : image;
        ClipTokenizer tokenizer = TokenizerFiles.read(folder).tokenizer();
        double[] text = text(exported, tokenizer, "snow in the mountains", 77);
        assertEquals(
                cosine(
                        weights.project("visual_projection.weight", pooled),
                        weights.project("text_projection.weight", text)),
                score,
                2e-5);
        Files.write(weights.file(), Arrays.copyOf(Files.readAllBytes(weights.file()), 5_000));
        assertTrue(assertThrows(ModelFault.class, () -> exported.build(exported.parts(Optional.of(weights.file()))))
                .getMessage()
                .contains("ends early"));
    }

    private static byte[] view() {
        return Golden.views(Rehearsal.SIZE).get(3);
    }

    @Test
    void exportForOnePictureAtATimeIsRefused() throws Exception {
        Rehearsal exported = Rehearsal.in(folder, BundlePrecision.BUNDLE_PRECISION_FP32);
        ModelProto.Builder fixed = ModelProto.parseFrom(Files.readAllBytes(exported.vision())).toBuilder();
        fixed.getGraphBuilder()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .setDim(0, ShapeProto.Dimension.newBuilder().setDimValue(1));
        Files.write(exported.vision(), fixed.build().toByteArray());
        // The shape said one, and nothing in the graph depends on it: the batch is made free.
        exported.build();
        for (TensorProto.Builder tensor : fixed.getGraphBuilder().getInitializerBuilderList()) {
            boolean shape = tensor.getDataType() == ElementType.INT64.number() && tensor.getDims(0) == 3;
            if (shape && tensor.getRawData().byteAt(0) == 0) {
                byte[] raw = tensor.getRawData().toByteArray();
                raw[0] = 1;
                tensor.setRawData(com.google.protobuf.ByteString.copyFrom(raw));
            }
        }
        Files.write(exported.vision(), fixed.build().toByteArray());
        assertTrue(refusal(exported).contains("dynamic batch"));
    }

    @Test
    void partsThatDoNotBelongTogetherAreRefusedInWords() throws Exception {
        Rehearsal exported = Rehearsal.in(folder, BundlePrecision.BUNDLE_PRECISION_FP32);
        new RandomClip(BundlePrecision.BUNDLE_PRECISION_FP32, Ending.EMBEDS, 5)
                .vision(new org.picket.model.rehearsal.Tower(1, 16, 2, 20), Rehearsal.SIZE, 8)
                .write(exported.vision());
        assertTrue(refusal(exported).contains("not of one model"));
        new RandomClip(BundlePrecision.BUNDLE_PRECISION_FP32, Ending.EMBEDS, 5)
                .vision(Rehearsal.VISION, 40, 8)
                .write(exported.vision());
        assertTrue(refusal(exported).contains("takes pictures of 40 pixels"));
        Files.copy(exported.text(), exported.vision(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertTrue(refusal(exported).contains("none of image_embeds, pooler_output"));
        Files.writeString(exported.vision(), "version https://git-lfs.github.com/spec/v1\n");
        assertTrue(refusal(exported).contains("is no ONNX model"));
        Files.writeString(exported.concepts(), "concept { id: \"Snow\" }\nconcept { id: \"snow\" prompt: \"\" }");
        assertTrue(refusal(exported).contains("\"Snow\" is no concept's id"));
        Files.writeString(exported.concepts(), "concept { id: \"snow\"\n promt: \"snow\" }");
        assertTrue(refusal(exported).contains("concepts.textproto:2:2"), refusal(exported));
        Files.writeString(exported.concepts(), "concept { id: \"snow\" prompt: \"" + "snow ".repeat(80) + "\" }");
        assertTrue(refusal(exported).contains("82 tokens"));
        assertFalse(Files.exists(exported.bundle()));
    }

    @Test
    void modelBeyondOneFileIsRefusedBeforeItIsRead() throws IOException {
        Path huge = folder.resolve("huge.onnx");
        try (var file = new java.io.RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength(OnnxModel.MAX_BYTES + 1);
        }
        assertTrue(assertThrows(ModelFault.class, () -> OnnxModel.read(huge))
                .getMessage()
                .contains("Use an fp16 or quantised export"));
    }
}
