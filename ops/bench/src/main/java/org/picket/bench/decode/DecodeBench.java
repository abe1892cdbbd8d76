package org.picket.bench.decode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.picket.bench.Bench;
import org.picket.bench.Figure;
import org.picket.bench.Workplace;

/// Pictures per second by format: in this process and through child processes, on all cores; and on one core beside
/// libvips and Pillow, in turns.
public final class DecodeBench implements Bench {
    private static final double WARM_UP_SECONDS = 3;

    /// One thing that is timed.
    private interface Timed {
        double rate(double seconds) throws Exception;
    }

    @Override
    public void run(Workplace workplace) throws Exception {
        int cores = Runtime.getRuntime().availableProcessors();
        try (Decoders decoders = new Decoders(workplace.natives(), cores)) {
            for (Pictures pictures : Pictures.all()) {
                Map<String, Timed> timed = new LinkedHashMap<>();
                timed.put("in_process", seconds -> decoders.inProcess(pictures, seconds));
                timed.put("isolated", seconds -> decoders.isolated(pictures, seconds));
                Map<String, List<Double>> rates = inTurns(workplace, timed);
                print("decode.", pictures, cores, rates);
            }
            System.err.println("bench: decoders are confined by " + decoders.confinement());
        }
        List<Peer> peers = peers(workplace);
        try (Decoders decoders = new Decoders(workplace.natives(), 1)) {
            for (Pictures pictures : Pictures.all()) {
                Map<String, Timed> timed = new LinkedHashMap<>();
                timed.put("in_process", seconds -> decoders.inProcess(pictures, seconds));
                timed.put("isolated", seconds -> decoders.isolated(pictures, seconds));
                for (Peer peer : peers) {
                    timed.put(peer.name(), seconds -> peer.rate(pictures, seconds));
                }
                print("decode.one_core.", pictures, 1, inTurns(workplace, timed));
            }
        } finally {
            peers.forEach(Peer::close);
        }
    }

    private static List<Peer> peers(Workplace workplace) throws InterruptedException {
        List<Peer> peers = new ArrayList<>();
        found(Vips.find(), Vips.ADVICE).ifPresent(peers::add);
        found(Pillow.find("full", workplace.folder()), Pillow.ADVICE).ifPresent(peers::add);
        Pillow.find("draft", workplace.folder()).ifPresent(peers::add);
        return peers;
    }

    private static Optional<Peer> found(Optional<Peer> peer, String advice) {
        if (peer.isEmpty()) {
            System.err.println("bench: " + advice);
        }
        return peer;
    }

    private static Map<String, List<Double>> inTurns(Workplace workplace, Map<String, Timed> timed) throws Exception {
        int runs = workplace.amount(2, 5);
        double seconds = workplace.brief() ? 0.5 : 1.5;
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        for (Map.Entry<String, Timed> each : timed.entrySet()) {
            each.getValue().rate(WARM_UP_SECONDS);
            rates.put(each.getKey(), new ArrayList<>());
        }
        for (int run = 0; run < runs; run++) {
            for (Map.Entry<String, Timed> each : timed.entrySet()) {
                rates.get(each.getKey()).add(each.getValue().rate(seconds));
            }
        }
        return rates;
    }

    private static void print(String prefix, Pictures pictures, int cores, Map<String, List<Double>> rates) {
        List<String> conditions = List.of(
                "format=" + pictures.name(),
                String.format(Locale.ROOT, "megapixels=%.2f", pictures.megapixels()),
                String.format(Locale.ROOT, "kilobytes=%.0f", pictures.bytes() / 1e3),
                "cores=" + cores);
        rates.forEach((name, series) -> new Figure(prefix + name, "pictures/s", series, conditions).print());
        List<Double> isolated = rates.get("isolated");
        rates.forEach((name, series) -> {
            if (!name.equals("isolated")) {
                new Figure(prefix + "isolated_to_" + name, "ratio", Figure.ratios(isolated, series), conditions)
                        .print();
            }
        });
        if (cores > 1) {
            List<Double> perCore = isolated.stream().map(rate -> rate / cores).toList();
            new Figure(prefix + "isolated.per_core", "pictures/s/core", perCore, conditions).print();
        }
    }
}
