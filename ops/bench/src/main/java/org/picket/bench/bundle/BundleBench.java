package org.picket.bench.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.picket.bench.Bench;
import org.picket.bench.Figure;
import org.picket.bench.Workplace;
import org.picket.bench.pipeline.Scan;
import org.picket.model.rehearsal.Ending;
import org.picket.model.rehearsal.RandomClip;
import org.picket.model.rehearsal.Tower;
import org.picket.proto.v1.BundlePrecision;

/// `picket bundle build` and `verify` on encoders of the size of CLIP ViT-L/14 with random weights: time, largest
/// resident set (in which the mapped exports count), and how far the one graph is from the two encoders run by
/// themselves.
public final class BundleBench implements Bench {
    private static final int SIZE = 224;
    private static final int PATCH = 14;
    private static final int VOCABULARY = 49_408;
    private static final int LOOK_MILLIS = 50;
    private static final double MEBIBYTE = 1 << 20;
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Pattern DIFFERENCE = Pattern.compile("differs by (\\S+) at most");

    private record Run(double seconds, double peakMebibytes, String out) {}

    @Override
    public void run(Workplace workplace) throws IOException, InterruptedException {
        Scan.prepare(workplace);
        Path folder = workplace.folder();
        export(workplace, folder);
        long exported = Files.size(folder.resolve("vision_model.onnx")) + Files.size(folder.resolve("text_model.onnx"));
        Run built = run(
                workplace,
                "build",
                "--vision",
                folder.resolve("vision_model.onnx").toString(),
                "--text",
                folder.resolve("text_model.onnx").toString(),
                "--tokenizer",
                folder.toString(),
                "--concepts",
                folder.resolve("concepts.textproto").toString(),
                "--name",
                "random-large",
                "--out",
                folder.resolve("large.bundle").toString());
        Run verified = run(workplace, "verify", folder.resolve("large.bundle").toString());
        Matcher difference = DIFFERENCE.matcher(built.out());
        if (!difference.find()) {
            throw new IllegalStateException("picket bundle build said nothing of its graph: " + built.out());
        }
        String size = "exports_bytes=" + exported;
        Figure.once("bundle.build", "s", built.seconds(), size).print();
        Figure.once("bundle.build.resident.peak", "MiB", built.peakMebibytes(), size)
                .print();
        Figure.once("bundle.build.difference", "score", Double.parseDouble(difference.group(1)), size)
                .print();
        Figure.once("bundle.file", "MiB", Files.size(folder.resolve("large.bundle")) / MEBIBYTE, size)
                .print();
        Figure.once("bundle.verify", "s", verified.seconds(), size).print();
        Figure.once("bundle.verify.resident.peak", "MiB", verified.peakMebibytes(), size)
                .print();
    }

    /// Writes what somebody would have fetched: encoders, a tokenizer of single bytes, 64 concepts.
    private static void export(Workplace workplace, Path folder) throws IOException {
        RandomClip clip = new RandomClip(BundlePrecision.BUNDLE_PRECISION_FP32, Ending.EMBEDS, 1);
        int layers = workplace.amount(2, Tower.VISION_LARGE.layers());
        Tower vision = new Tower(
                layers, Tower.VISION_LARGE.width(), Tower.VISION_LARGE.heads(), Tower.VISION_LARGE.embedding());
        clip.vision(vision, SIZE, PATCH).write(folder.resolve("vision_model.onnx"));
        clip.text(Tower.TEXT_LARGE, VOCABULARY).write(folder.resolve("text_model.onnx"));
        List<String> tokens = new ArrayList<>();
        IntStream.rangeClosed('!', '~').mapToObj(Character::toString).forEach(sign -> {
            tokens.add(sign);
            tokens.add(sign + "</w>");
        });
        tokens.addAll(List.of("<|startoftext|>", "<|endoftext|>"));
        Files.writeString(
                folder.resolve("vocab.json"),
                IntStream.range(0, tokens.size())
                        .mapToObj(at ->
                                "\"" + tokens.get(at).replace("\\", "\\\\").replace("\"", "\\\"") + "\":" + at)
                        .collect(Collectors.joining(",", "{", "}")));
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n");
        Files.writeString(
                folder.resolve("concepts.textproto"),
                IntStream.range(0, 64)
                        .mapToObj(at ->
                                "concept { id: \"c%d\" prompt: \"thing %d\" prompt: \"a %d\" }".formatted(at, at, at))
                        .collect(Collectors.joining("\n")));
    }

    private static Run run(Workplace workplace, String... arguments) throws IOException, InterruptedException {
        List<String> words = Stream.concat(
                        Stream.of(workplace.home().resolve("picket").toString(), "bundle"), Stream.of(arguments))
                .toList();
        Path out = Files.createTempFile(workplace.folder(), "bundle-", ".out");
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(words)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        double peak = 0;
        try {
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                peak = Math.max(peak, peak(process.pid()));
            }
        } finally {
            process.destroy();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        String said = Files.readString(out, StandardCharsets.UTF_8);
        if (process.exitValue() != 0) {
            throw new IllegalStateException(words + " ended with " + process.exitValue() + ": " + said);
        }
        return new Run(seconds, peak, said);
    }

    /// The largest resident set so far; 0 where the system does not tell.
    private static double peak(long pid) {
        try {
            Matcher matcher = PEAK.matcher(Files.readString(Path.of("/proc", String.valueOf(pid), "status")));
            return matcher.find() ? Long.parseLong(matcher.group(1)) / 1024.0 : 0;
        } catch (IOException ended) {
            return 0;
        }
    }
}
