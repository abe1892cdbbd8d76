package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.model.rehearsal.Ending;
import org.picket.model.rehearsal.RandomClip;
import org.picket.model.rehearsal.Tower;
import org.picket.proto.v1.BundlePrecision;

/// Builds a bundle from exports and evaluates, each as a user would.
class EvaluateIT {
    private static final String POLICY = """
            id: "random"
            version: 1
            rule { id: "r1" category: "test.lighthouse" all { concept: "lighthouse" gte: 0.9 } action: OBSERVE }
            """;

    @TempDir
    private Path folder;

    private PicketProcess.Ended picket(int status, String... arguments) {
        return PicketProcess.run(folder, arguments).expect(status);
    }

    @Test
    void standInIsRightAboutItsSamplesAndSaysWhatTheyAreTooFewFor() throws IOException {
        String samples = folder.resolve("samples").toString();
        picket(0, "samples", samples, "--count", "60", "--seed", "3");
        Files.write(folder.resolve("samples").resolve("broken.jpg"), new byte[] {(byte) 0xFF, (byte) 0xD8, 1, 2});
        Path manifest = folder.resolve("samples").resolve("manifest.csv");
        long flagged = Files.readAllLines(manifest).stream()
                .filter(line -> line.contains(",flagged,"))
                .count();
        Files.writeString(manifest, Files.readString(manifest) + "broken.jpg,flagged,1,1,0,0\n");
        String data = folder.resolve("data").toString();
        String tables = folder.resolve("tables").toString();
        PicketProcess.Ended json = picket(0, "evaluate", samples, "--data", data, "--json", "--csv", tables);
        assertEquals(60, json.number("scored"));
        String policy = "\"policy\":[{\"truePositives\":" + flagged + ",\"falsePositives\":0,";
        assertTrue(json.lastLine().contains(policy), json.lastLine().substring(0, 400));
        assertTrue(json.lastLine().contains("\"name\":\"night\""), "no concept night");
        assertTrue(Files.size(folder.resolve("tables").resolve("evaluation.svg")) > 1_000);
        String text = picket(0, "evaluate", samples, "--data", data).out();
        assertTrue(text.contains("counted apart, neither right nor wrong: 1 "), text);
        assertTrue(text.contains("rule of three"), text);
    }

    @Test
    void bundleIsBuiltFromExportsAndScans() throws IOException {
        RandomClip clip = new RandomClip(BundlePrecision.BUNDLE_PRECISION_FP32, Ending.EMBEDS, 1);
        clip.vision(new Tower(2, 32, 2, 16), 32, 8).write(folder.resolve("vision.onnx"));
        tokenizer();
        clip.text(new Tower(2, 32, 2, 16), 200).write(folder.resolve("text.onnx"));
        Path concepts = Files.writeString(
                folder.resolve("concepts.textproto"),
                "concept { id: \"lighthouse\" prompt: \"a lighthouse\" }\nconcept { id: \"snow\" prompt: \"snow\" }");
        Path bundle = folder.resolve("random.bundle");
        String[] build = {
            "bundle",
            "build",
            "--vision",
            folder.resolve("vision.onnx").toString(),
            "--text",
            folder.resolve("text.onnx").toString(),
            "--tokenizer",
            folder.toString(),
            "--concepts",
            concepts.toString(),
            "--name",
            "random",
            "--out",
            bundle.toString()
        };
        PicketProcess.Ended built = picket(0, build);
        assertTrue(built.out().contains("Golden views agree"), built.out());
        picket(0, "bundle", "verify", bundle.toString());
        String inspected = picket(0, "bundle", "inspect", bundle.toString()).out();
        assertTrue(inspected.contains("vision encoder: vision.onnx"), inspected);
        String samples = folder.resolve("samples").toString();
        picket(0, "samples", samples, "--count", "12", "--seed", "3");
        Path policy = Files.writeString(folder.resolve("policy.textproto"), POLICY);
        String data = folder.resolve("data").toString();
        PicketProcess.Ended evaluated = picket(
                0,
                "evaluate",
                samples,
                "--data",
                data,
                "--bundle",
                bundle.toString(),
                "--policy",
                policy.toString(),
                "--json");
        assertEquals(12, evaluated.number("scored"));
        Files.writeString(concepts, "concept { id: \"lighthouse\" }");
        PicketProcess.Ended refused = picket(2, build);
        assertTrue(refused.err().contains("has 0 prompts"), refused.err());
    }

    private void tokenizer() throws IOException {
        List<String> tokens = new ArrayList<>();
        for (char letter = 'a'; letter <= 'z'; letter++) {
            tokens.add(String.valueOf(letter));
            tokens.add(letter + "</w>");
        }
        tokens.addAll(List.of("<|startoftext|>", "<|endoftext|>"));
        Files.writeString(
                folder.resolve("vocab.json"),
                IntStream.range(0, tokens.size())
                        .mapToObj(at -> "\"" + tokens.get(at) + "\":" + at)
                        .collect(Collectors.joining(",", "{", "}")));
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n");
    }
}
