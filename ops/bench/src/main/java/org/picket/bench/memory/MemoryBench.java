package org.picket.bench.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.picket.bench.Bench;
import org.picket.bench.Figure;
import org.picket.bench.Workplace;
import org.picket.bench.pipeline.Bundles;
import org.picket.bench.pipeline.Scan;
import org.picket.bench.pipeline.Store;

/// Memory of the one process, coordinator, crawler and agent together, over few and over very many tiny files.
public final class MemoryBench implements Bench {
    /// As Java's log has it: used before, used after, and size of the heap in mebibytes.
    private static final Pattern COLLECTION = Pattern.compile("Pause (Young|Full).* (\\d+)M->(\\d+)M\\(\\d+M\\)");

    /// The heap after collections, in mebibytes.
    ///
    /// @param peak the most
    /// @param live the most after a full one; 0 where there was none
    private record Heap(double peak, double live) {}

    @Override
    public void run(Workplace workplace) throws IOException, InterruptedException {
        Scan.prepare(workplace);
        int few = workplace.amount(2_000, 10_000);
        int many = workplace.amount(20_000, 1_000_000);
        List<Double> peaks = new ArrayList<>();
        List<Double> heaps = new ArrayList<>();
        for (int count : new int[] {few, many}) {
            Path folder = workplace.folder().resolve("tiny-" + count);
            Store.fill(folder, Store.tiny(), 0, count);
            Path log = workplace.folder().resolve("gc-" + count + ".log");
            Scan scan = Scan.run(
                            workplace,
                            new Scan.Order(
                                    folder,
                                    workplace.folder().resolve("data-" + count),
                                    Bundles.instant(workplace),
                                    // The decoders' own environment is empty: only the one process sees this.
                                    Map.of("JDK_JAVA_OPTIONS", "-Xlog:gc:file=" + log + "::filecount=0")))
                    .require(count);
            Heap heap = heap(log);
            String objects = "objects=" + count;
            peaks.add(scan.peakBytes() / (double) (1 << 20));
            heaps.add(heap.peak());
            Figure.once("memory.resident.peak", "MiB", peaks.getLast(), objects).print();
            Figure.once("memory.heap_after_collection.peak", "MiB", heap.peak(), objects)
                    .print();
            Figure.once("memory.heap_after_full_collection.peak", "MiB", heap.live(), objects)
                    .print();
            Figure.once("memory.scan", "objects/s", count / scan.seconds(), objects)
                    .print();
            Workplace.delete(folder);
        }
        String sizes = "objects=" + many + " to " + few;
        Figure.once("memory.resident.growth", "ratio", peaks.getLast() / peaks.getFirst(), sizes)
                .print();
        Figure.once("memory.heap.growth", "ratio", heaps.getLast() / heaps.getFirst(), sizes)
                .print();
    }

    private static Heap heap(Path log) throws IOException {
        double peak = 0;
        double live = 0;
        try (Stream<String> lines = Files.lines(log)) {
            for (String line : lines.toList()) {
                Matcher matcher = COLLECTION.matcher(line);
                if (matcher.find()) {
                    double after = Double.parseDouble(matcher.group(3));
                    peak = Math.max(peak, after);
                    live = matcher.group(1).equals("Full") ? Math.max(live, after) : live;
                }
            }
        }
        return new Heap(peak, live);
    }
}
