package org.picket.bench.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.picket.bench.Bench;
import org.picket.bench.Figure;
import org.picket.bench.Workplace;
import org.picket.bench.decode.Decoders;
import org.picket.bench.decode.Pictures;

/// Whole scans of JPEG pictures beside the rate at which all cores decode the same pictures and do nothing
/// else.
public final class PipelineBench implements Bench {
    private static final long SEED = 5;
    private static final int FEW = 64;

    private static final class Series {
        private final List<Double> decode = new ArrayList<>();
        private final List<Double> whole = new ArrayList<>();
        private final List<Double> steady = new ArrayList<>();
        private final List<Double> warmed = new ArrayList<>();
        private final List<Double> busy = new ArrayList<>();
        private final List<Double> fresh = new ArrayList<>();
        private final List<Double> warm = new ArrayList<>();
        private final List<Double> warmWhole = new ArrayList<>();
        private final Map<Shares.Part, List<Double>> shares = new java.util.EnumMap<>(Shares.Part.class);
    }

    @Override
    public void run(Workplace workplace) throws IOException, InterruptedException {
        Scan.prepare(workplace);
        List<byte[]> files = Store.samples(SEED);
        Pictures pictures = new Pictures("jpeg", files, 0);
        int cores = Runtime.getRuntime().availableProcessors();
        Path large = workplace.folder().resolve("large");
        int count = workplace.amount(1_500, 20_000);
        Store.fill(large, files, 0, count);
        int runs = workplace.amount(1, 5);
        Series instant = new Series();
        Series standIn = new Series();
        for (int run = 0; run < runs; run++) {
            Rig rig = new Rig(workplace, files, large, count, run);
            double before = decode(workplace, pictures, cores);
            rig.once("instant", Bundles.instant(workplace), instant);
            double between = decode(workplace, pictures, cores);
            rig.once("stand-in", Bundles.standIn(), standIn);
            double after = decode(workplace, pictures, cores);
            // The machine's own pace drifts over the minutes that a scan takes.
            instant.decode.add((before + between) / 2);
            standIn.decode.add((between + after) / 2);
        }
        List<String> store = List.of(
                "objects=" + count,
                String.format(Locale.ROOT, "kilobytes=%.0f", pictures.bytes() / 1e3),
                "cores=" + cores);
        new Figure("pipeline.decode_alone", "objects/s", instant.decode, store).print();
        print("instant", store, instant);
        print("stand-in", store, standIn);
    }

    private static double decode(Workplace workplace, Pictures pictures, int cores) throws InterruptedException {
        try (Decoders decoders = new Decoders(workplace.natives(), cores)) {
            decoders.isolated(pictures, workplace.brief() ? 1 : 3);
            return decoders.isolated(pictures, workplace.brief() ? 2 : 8);
        }
    }

    private record Rig(Workplace workplace, List<byte[]> files, Path large, int count, int run) {
        void once(String bundle, List<String> options, Series series) throws IOException, InterruptedException {
            Path data = workplace.folder().resolve("data-" + bundle + "-" + run);
            Path few = workplace.folder().resolve("few-" + bundle + "-" + run);
            Store.fill(few, files, count, count + FEW);
            Scan fresh = scan(few, data, options).require(FEW);
            Path more = workplace.folder().resolve("more-" + bundle + "-" + run);
            Store.fill(more, files, count + FEW, count + 2 * FEW);
            Scan warm = scan(more, data, options).require(FEW);
            Store.read(large);
            Scan whole = scan(large, data, options).require(count);
            series.fresh.add(fresh.firstRulings());
            series.warm.add(warm.firstRulings());
            series.warmWhole.add(warm.seconds());
            series.whole.add(count / whole.seconds());
            series.steady.add((count - FEW) / (whole.seconds() - warm.seconds()));
            if (!Double.isNaN(whole.warm())) {
                series.warmed.add(whole.warm());
            }
            double spent = whole.cpu().values().stream()
                    .mapToDouble(Double::doubleValue)
                    .sum();
            series.busy.add(spent / whole.seconds() / Runtime.getRuntime().availableProcessors());
            whole.cpu()
                    .forEach((part, seconds) -> series.shares
                            .computeIfAbsent(part, _ -> new ArrayList<>())
                            .add(seconds / spent));
            Workplace.delete(few);
            Workplace.delete(more);
            Workplace.delete(data);
        }

        private Scan scan(Path source, Path data, List<String> options) throws IOException, InterruptedException {
            return Scan.run(workplace, new Scan.Order(source, data, options, Map.of()));
        }
    }

    private static void print(String bundle, List<String> store, Series series) {
        List<String> conditions = new ArrayList<>(store);
        conditions.add("bundle=" + bundle);
        new Figure("pipeline.scan", "objects/s", series.whole, with(conditions, "counted=whole command")).print();
        new Figure(
                        "pipeline.scan.steady",
                        "objects/s",
                        series.steady,
                        with(conditions, "counted=without start and stop"))
                .print();
        new Figure("pipeline.scan_to_decode", "ratio", Figure.ratios(series.whole, series.decode), conditions).print();
        new Figure("pipeline.steady_to_decode", "ratio", Figure.ratios(series.steady, series.decode), conditions)
                .print();
        if (series.warmed.size() == series.decode.size()) {
            new Figure(
                            "pipeline.scan.warm",
                            "objects/s",
                            series.warmed,
                            with(conditions, "counted=its last two thirds"))
                    .print();
            new Figure("pipeline.warm_to_decode", "ratio", Figure.ratios(series.warmed, series.decode), conditions)
                    .print();
        }
        new Figure("pipeline.cores_busy", "ratio", series.busy, conditions).print();
        series.shares.forEach((part, shares) -> new Figure(
                        "pipeline.cpu." + part.name().toLowerCase(Locale.ROOT), "share", shares, conditions)
                .print());
        List<String> few = List.of("bundle=" + bundle, "objects=" + FEW, "counted=from the start of the process");
        new Figure("pipeline.first_rulings.fresh", "s", series.fresh, few).print();
        new Figure("pipeline.first_rulings.warm", "s", series.warm, few).print();
        new Figure("pipeline.few.warm", "s", series.warmWhole, with(few, "until=its end")).print();
    }

    private static List<String> with(List<String> conditions, String more) {
        List<String> all = new ArrayList<>(conditions);
        all.add(more);
        return all;
    }
}
