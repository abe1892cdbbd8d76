package org.picket.bench.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.picket.bench.Bench;
import org.picket.bench.Figure;
import org.picket.bench.Workplace;

/// Pictures per second by format, in this process and through child processes.
public final class DecodeBench implements Bench {
    private static final double WARM_UP_SECONDS = 1;

    @Override
    public void run(Workplace workplace) throws InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        int runs = workplace.amount(2, 7);
        double seconds = workplace.brief() ? 0.5 : 2;
        try (Decoders decoders = new Decoders(workplace.natives(), cores)) {
            for (Pictures pictures : Pictures.all()) {
                List<Double> inProcess = new ArrayList<>();
                List<Double> isolated = new ArrayList<>();
                decoders.inProcess(pictures, WARM_UP_SECONDS);
                decoders.isolated(pictures, WARM_UP_SECONDS);
                for (int run = 0; run < runs; run++) {
                    inProcess.add(decoders.inProcess(pictures, seconds));
                    isolated.add(decoders.isolated(pictures, seconds));
                }
                print(pictures, cores, inProcess, isolated);
            }
        }
    }

    private static void print(Pictures pictures, int cores, List<Double> inProcess, List<Double> isolated) {
        List<String> conditions = List.of(
                "format=" + pictures.name(),
                String.format(Locale.ROOT, "megapixels=%.2f", pictures.megapixels()),
                String.format(Locale.ROOT, "kilobytes=%.0f", pictures.bytes() / 1e3),
                "cores=" + cores);
        new Figure("decode.in_process", "pictures/s", inProcess, conditions).print();
        new Figure("decode.isolated", "pictures/s", isolated, conditions).print();
        List<Double> perCore = isolated.stream().map(rate -> rate / cores).toList();
        new Figure("decode.isolated.per_core", "pictures/s/core", perCore, conditions).print();
        new Figure("decode.isolated_to_in_process", "ratio", Figure.ratios(isolated, inProcess), conditions).print();
    }
}
