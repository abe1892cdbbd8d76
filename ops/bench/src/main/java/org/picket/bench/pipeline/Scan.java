package org.picket.bench.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.picket.bench.Workplace;

/// One run of `./picket scan`, from the start of its process to its end.
///
/// @param seconds on the wall
/// @param firstRulings seconds until it reported that something was ruled; all of them where it did not
/// @param warm objects a second, from a third of them on; NaN where the scan was too short to tell
/// @param counts numbers of its last line
/// @param cpu processor seconds by who spent them
/// @param peakBytes largest resident set of its own process
public record Scan(
        double seconds,
        double firstRulings,
        double warm,
        Map<String, Double> counts,
        Map<Shares.Part, Double> cpu,
        long peakBytes) {
    private static final long LOOK_MILLIS = 10;
    private static final int LOOKS_PER_ACCOUNT = 25;
    private static final String PROGRESS = " views/s";
    private static final Pattern NUMBER = Pattern.compile("\"(\\w+)\":(-?[0-9.]+)");

    /// What is scanned, and with what.
    ///
    /// @param source folder of objects
    /// @param data folder of the database
    /// @param options more of the command line
    /// @param environment more of it
    public record Order(Path source, Path data, List<String> options, Map<String, String> environment) {}

    /// Builds what is missing, so that no scan's time has a build in it.
    public static void prepare(Workplace workplace) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(workplace), "--version")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("picket --version ended with " + process.exitValue());
        }
    }

    private static String command(Workplace workplace) {
        return workplace.home().resolve("picket").toString();
    }

    /// Scans to the end.
    public static Scan run(Workplace workplace, Order order) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                command(workplace),
                "scan",
                order.source().toString(),
                "--data",
                order.data().toString(),
                "--json"));
        words.addAll(order.options());
        Path out = Files.createTempFile(workplace.folder(), "scan-", ".out");
        Path err = Files.createTempFile(workplace.folder(), "scan-", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(order.environment());
        double first = 0;
        Pace pace = new Pace();
        long begin = System.nanoTime();
        Process process = builder.start();
        Shares shares = new Shares(process.pid(), order.data());
        try {
            for (int look = 0; !process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS); look++) {
                String printed = Files.readString(err, StandardCharsets.UTF_8);
                double now = (System.nanoTime() - begin) / 1e9;
                first = first == 0 && printed.contains(PROGRESS) ? now : first;
                pace.look(printed, now);
                if (look % LOOKS_PER_ACCOUNT == 0) {
                    shares.look();
                }
            }
        } finally {
            process.destroy();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (process.exitValue() != 0) {
            throw new IllegalStateException("picket scan ended with " + process.exitValue() + ": "
                    + Files.readString(err, StandardCharsets.UTF_8));
        }
        List<String> lines = Files.readAllLines(out, StandardCharsets.UTF_8);
        return new Scan(
                seconds,
                first == 0 ? seconds : first,
                pace.objectsPerSecond(),
                numbers(lines.getLast()),
                shares.seconds(),
                shares.peakBytes());
    }

    private static Map<String, Double> numbers(String json) {
        Map<String, Double> numbers = new java.util.HashMap<>();
        Matcher matcher = NUMBER.matcher(json);
        while (matcher.find()) {
            numbers.put(matcher.group(1), Double.parseDouble(matcher.group(2)));
        }
        return numbers;
    }

    /// Makes sure that the scan did what is measured.
    public Scan require(int listed) {
        double ruled = count("cleared") + count("flagged");
        if (count("listed") != listed || ruled != listed) {
            throw new IllegalStateException("of " + listed + " objects, " + count("listed") + " were listed and "
                    + ruled + " ruled by their scores: the figures mean nothing; " + counts);
        }
        return this;
    }

    private double count(String name) {
        return counts.getOrDefault(name, 0.0);
    }
}
