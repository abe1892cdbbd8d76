package org.picket.bench.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Processor time of a scan by who spent it, and its largest memory, from `/proc`; nothing where there is none.
/// Used by one thread.
final class Shares {
    private static final Path PROCESSES = Path.of("/proc");
    private static final double TICK_SECONDS = 0.01;

    private final long root;
    private final String folder;
    private final Map<Long, Double> seconds = new HashMap<>();
    private final Map<Long, Part> parts = new HashMap<>();
    private long peakKibibytes;

    /// Who spends.
    enum Part {
        PROCESS,
        DECODERS,
        DATABASE
    }

    private record Stat(long parent, double seconds) {}

    /// @param root the scan's own process
    /// @param folder of its data: the database server names it
    Shares(long root, Path folder) {
        this.root = root;
        this.folder = folder.toString();
    }

    /// Looks once; whatever a process spends after the last look before its end is missed.
    void look() {
        if (!Files.isDirectory(PROCESSES)) {
            return;
        }
        Map<Long, Stat> stats = new HashMap<>();
        try (Stream<Path> all = Files.list(PROCESSES)) {
            List<Path> numbered = all.filter(path ->
                            Character.isDigit(path.getFileName().toString().charAt(0)))
                    .toList();
            for (Path process : numbered) {
                stat(process, stats);
            }
        } catch (IOException e) {
            return;
        }
        Set<Long> own = new HashSet<>();
        own.add(root);
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Map.Entry<Long, Stat> entry : stats.entrySet()) {
                if (own.contains(entry.getValue().parent()) || parts.containsKey(entry.getKey())) {
                    grown |= own.add(entry.getKey());
                }
            }
        }
        for (long pid : own) {
            if (stats.containsKey(pid)) {
                seconds.merge(pid, stats.get(pid).seconds(), Math::max);
                parts.computeIfAbsent(pid, this::part);
            }
        }
        peakKibibytes = Math.max(peakKibibytes, peak());
    }

    private static void stat(Path process, Map<Long, Stat> into) {
        try {
            String line = Files.readString(process.resolve("stat"));
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            double ticks = Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
            into.put(
                    Long.parseLong(process.getFileName().toString()),
                    new Stat(Long.parseLong(fields[1]), ticks * TICK_SECONDS));
        } catch (IOException gone) {
            return;
        }
    }

    private Part part(long pid) {
        if (pid == root) {
            return Part.PROCESS;
        }
        try {
            String command = new String(
                    Files.readAllBytes(PROCESSES.resolve(Long.toString(pid)).resolve("cmdline")),
                    StandardCharsets.UTF_8);
            return command.contains("DecoderProcess") ? Part.DECODERS : Part.DATABASE;
        } catch (IOException gone) {
            return Part.DATABASE;
        }
    }

    private long peak() {
        try (Stream<String> lines =
                Files.lines(PROCESSES.resolve(Long.toString(root)).resolve("status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | java.io.UncheckedIOException gone) {
            return 0;
        }
    }

    /// Processor seconds by part.
    Map<Part, Double> seconds() {
        Map<Part, Double> sums = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            sums.put(part, 0.0);
        }
        seconds.forEach((pid, spent) -> sums.merge(parts.get(pid), spent, Double::sum));
        return sums;
    }

    /// Largest resident set of the scan's own process, in bytes.
    long peakBytes() {
        return peakKibibytes * 1_024;
    }

    @Override
    public String toString() {
        return "Shares[" + folder + "]";
    }
}
