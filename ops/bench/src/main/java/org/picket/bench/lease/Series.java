package org.picket.bench.lease;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.picket.bench.Figure;

/// What one size of shard came to, run by run.
final class Series {
    final List<Double> raw = new ArrayList<>();
    final List<Double> rate = new ArrayList<>();
    final List<Double> rawWal = new ArrayList<>();
    final List<Double> rawMicros = new ArrayList<>();
    final List<Double> wal = new ArrayList<>();
    final List<Double> walWithoutScores = new ArrayList<>();
    final List<Double> serverMicros = new ArrayList<>();
    final List<Double> ownMicros = new ArrayList<>();
    final List<Double> micros = new ArrayList<>();

    void print(int objects, String calls) {
        String shard = "objectsPerShard=" + objects;
        String clients = "clients=" + Team.CLIENTS;
        String how = "calls=" + calls;
        figure("lease.raw", "objects/s", raw, shard, "clients=" + RawCeiling.CLIENTS);
        figure("lease.own", "objects/s", rate, shard, clients, how);
        figure("lease.own_to_raw", "ratio", Figure.ratios(rate, raw), shard, how);
        figure("lease.raw.wal", "bytes/object", rawWal, shard);
        figure("lease.raw.cpu", "us/object", rawMicros, shard, "counted=clients and server");
        figure("lease.own.wal", "bytes/object", walWithoutScores, shard, how, "scoreBlocks=left out");
        figure("lease.own.wal_with_scores", "bytes/object", wal, shard, how, "concepts=4");
        figure("lease.own.cpu", "us/object", micros, shard, how, "counted=coordinator, clients and server");
        figure("lease.own.cpu.server", "us/object", serverMicros, shard, how);
        figure("lease.own.cpu.coordinator", "us/object", ownMicros, shard, how);
    }

    private static void figure(String name, String unit, List<Double> runs, String... conditions) {
        new Figure(name, unit, runs, Arrays.asList(conditions)).print();
    }
}
