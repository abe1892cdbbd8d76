package org.picket.model.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.model.build.Label;
import org.picket.model.clip.BuiltBundle;
import org.picket.model.graph.ElementType;
import org.picket.model.graph.Graph;
import org.picket.model.graph.ModelFault;
import org.picket.model.graph.OnnxModel;

class ClassifierBuildTest {
    private static final int SIZE = 8;

    @TempDir
    Path folder;

    private Path model;
    private Path classes;

    /// Its outputs are the mean red, green and blue, times ten.
    @BeforeEach
    void export() throws IOException {
        Graph graph = Graph.of("means", "input", ElementType.FLOAT, 3, SIZE, SIZE);
        String means = graph.flatten(graph.averagePool("input", SIZE));
        String raw = graph.apply("Mul", means, graph.constant(new float[] {10}, 1));
        model = folder.resolve("classifier.onnx");
        new OnnxModel("means", graph.output(raw, "logits", ElementType.FLOAT, 3), List.of()).write(model);
        classes = Files.writeString(folder.resolve("classes.txt"), "red # first\n\ngreen\nblue\n");
        Files.writeString(
                folder.resolve("preprocessor_config.json"),
                "{\"size\":{\"height\":8,\"width\":8},\"do_normalize\":false}");
    }

    private BuiltBundle build(Activation activation) throws IOException {
        Path out = folder.resolve("means.bundle");
        ClassifierBuild.write(
                new ClassifierBuild.Parts(model, classes, Optional.empty(), activation),
                new Label("means", "2", Optional.empty(), out),
                Optional.empty(),
                line -> {});
        return BuiltBundle.read(out);
    }

    private static byte[] view(int red, int green, int blue) {
        byte[] view = new byte[SIZE * SIZE * 3];
        for (int at = 0; at < view.length; at += 3) {
            view[at] = (byte) red;
            view[at + 1] = (byte) green;
            view[at + 2] = (byte) blue;
        }
        return view;
    }

    @Test
    void softmaxGivesSharesOfTheClasses() throws Exception {
        float[] scores = build(Activation.SOFTMAX).scores(List.of(view(255, 204, 0)))[0];
        double sum = Math.exp(10) + Math.exp(8) + 1;
        assertEquals(Math.exp(10) / sum, scores[0], 1e-5);
        assertEquals(Math.exp(8) / sum, scores[1], 1e-5);
        assertEquals(1 / sum, scores[2], 1e-5);
    }

    @Test
    void sigmoidScoresEachClassByItself() throws Exception {
        BuiltBundle bundle = build(Activation.SIGMOID);
        assertEquals(List.of("red", "green", "blue"), bundle.manifest().getConceptsList());
        float[] scores = bundle.scores(List.of(view(51, 0, 255)))[0];
        assertEquals(1 / (1 + Math.exp(-2)), scores[0], 1e-5);
        assertEquals(0.5, scores[1], 1e-5);
        assertTrue(bundle.card().contains("squeezed"));
    }

    @Test
    void rawOutputsBeyondTheRangeOfScoresAreRefused() {
        String refusal =
                assertThrows(ModelFault.class, () -> build(Activation.NONE)).getMessage();
        assertTrue(refusal.contains("--activation softmax or sigmoid"), refusal);
    }

    @Test
    void namesMustFitTheOutputs() throws IOException {
        Files.writeString(classes, "red\ngreen\n");
        assertTrue(assertThrows(ModelFault.class, () -> build(Activation.SOFTMAX))
                .getMessage()
                .contains("there are 2 names"));
        Files.writeString(classes, "red\nGreen!\nred\n");
        String faults =
                assertThrows(ModelFault.class, () -> build(Activation.SOFTMAX)).getMessage();
        assertTrue(faults.contains("\"Green!\"") && faults.contains("twice"), faults);
    }

    @Test
    void labelsOfTheExportsConfigurationServeAsNames() throws Exception {
        classes = Files.writeString(
                folder.resolve("config.json"), "{\"id2label\":{\"10\":\"Deep Blue\",\"2\":\"green\",\"0\":\"red\"}}");
        assertEquals(
                List.of("red", "green", "deep_blue"),
                build(Activation.SOFTMAX).manifest().getConceptsList());
    }

    @Test
    void whatPicketDoesOtherwiseThanTheExportWishesStandsOnTheCard() throws Exception {
        Path config = folder.resolve("preprocessor_config.json");
        assertTrue(!build(Activation.SOFTMAX).card().contains("the middle of pictures"));
        Files.writeString(config, "{\"size\":{\"shortest_edge\":10},\"crop_size\":{\"height\":8,\"width\":8}}");
        assertTrue(build(Activation.SOFTMAX).card().contains("the middle of pictures"));
        Files.delete(config);
        assertTrue(build(Activation.SOFTMAX).card().contains("No preprocessor_config.json was there"));
    }
}
