package org.picket.bench.lease;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.picket.bench.Bench;
import org.picket.bench.Figure;
import org.picket.bench.Workplace;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.ListingsGrpc;

/// Grant and completion through the coordinator's own code, at several sizes of shard, and what it costs.
public final class LeaseBench implements Bench {
    private static final Client.Habits LARGE = new Client.Habits(1_000_000, false);
    private static final Client.Habits LARGE_PROBING = new Client.Habits(1_000_000, true);
    private static final Client.Habits SMALL = new Client.Habits(1, false);

    /// What one size of shard came to, run by run.
    private static final class Series {
        private final List<Double> raw = new ArrayList<>();
        private final List<Double> rate = new ArrayList<>();
        private final List<Double> rawWal = new ArrayList<>();
        private final List<Double> rawMicros = new ArrayList<>();
        private final List<Double> wal = new ArrayList<>();
        private final List<Double> walWithoutScores = new ArrayList<>();
        private final List<Double> serverMicros = new ArrayList<>();
        private final List<Double> ownMicros = new ArrayList<>();
        private final List<Double> clientMicros = new ArrayList<>();
        private final List<Double> micros = new ArrayList<>();

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
            figure("lease.own.cpu", "us/object", micros, shard, how, "counted=coordinator and server");
            figure("lease.own.cpu.server", "us/object", serverMicros, shard, how);
            figure("lease.own.cpu.coordinator", "us/object", ownMicros, shard, how);
            figure("lease.client.cpu", "us/object", clientMicros, shard, how, "counted=agent's and crawler's part");
        }

        private static void figure(String name, String unit, List<Double> runs, String... conditions) {
            new Figure(name, unit, runs, Arrays.asList(conditions)).print();
        }
    }

    @Override
    public void run(Workplace workplace) throws InterruptedException, SQLException {
        try (Stage stage = Stage.open(workplace.folder().resolve("lease"));
                Team team = new Team(stage)) {
            Shelf shelf = new Shelf(ListingsGrpc.newBlockingStub(stage.crawler()));
            Measured measured = new Measured(stage, team, shelf);
            int runs = workplace.amount(2, 5);
            warmUp(measured, workplace);
            measured.series(512, workplace.amount(1_000, 6_000), runs, LARGE).print(512, "resolve,supply,verdict");
            measured.series(512, workplace.amount(600, 3_000), workplace.amount(1, 3), LARGE_PROBING)
                    .print(512, "resolve,probe,supply,verdict");
            measured.series(64, workplace.amount(1_000, 6_000), runs, SMALL).print(64, "resolve,supply,verdict");
            measured.series(1, workplace.amount(300, 2_000), runs, SMALL).print(1, "resolve,supply,verdict");
            new PinnedSnapshot(stage, team, shelf).run(workplace, LARGE);
        }
    }

    /// The compiler's work is no part of the figures.
    private static void warmUp(Measured measured, Workplace workplace) throws InterruptedException, SQLException {
        measured.series(512, workplace.amount(2_000, 8_000), 1, LARGE);
    }

    private record Measured(Stage stage, Team team, Shelf shelf) {
        Series series(int objects, int shards, int runs, Client.Habits habits)
                throws InterruptedException, SQLException {
            Series series = new Series();
            RawCeiling ceiling = new RawCeiling(stage.database());
            team.announce(habits);
            for (int run = 0; run < runs; run++) {
                raw(series, ceiling, shards, objects);
                own(series, shards, objects, habits);
            }
            return series;
        }

        private void raw(Series series, RawCeiling ceiling, int shards, int objects)
                throws InterruptedException, SQLException {
            ceiling.prepare(shards, objects);
            Costs before = Costs.read(stage.database());
            series.raw.add(ceiling.run(shards, objects));
            Costs spent = Costs.read(stage.database()).minus(before);
            double count = (double) shards * objects;
            series.rawWal.add(spent.wal() / count);
            series.rawMicros.add((spent.serverNanos() + spent.ownNanos()) / 1e3 / count);
        }

        private void own(Series series, int shards, int objects, Client.Habits habits) throws InterruptedException {
            StorageId storage = stage.storage();
            long listing = shelf.list(storage, shards, objects);
            long listed = listed(listing);
            Costs before = Costs.read(stage.database());
            Team.Done done = team.work(habits, listed);
            Costs spent = Costs.read(stage.database()).minus(before);
            require(done, listing, listed);
            double count = done.objects();
            series.rate.add(done.objectsPerSecond());
            series.wal.add(spent.wal() / count);
            series.walWithoutScores.add((spent.wal() - scores(listing)) / count);
            double server = spent.serverNanos() / 1e3 / count;
            double own = (spent.ownNanos() - done.clientNanos()) / 1e3 / count;
            series.serverMicros.add(server);
            series.ownMicros.add(own);
            series.micros.add(server + own);
            series.clientMicros.add(done.clientNanos() / 1e3 / count);
        }

        /// What the score blocks of a listing cost: the same rows, written once more.
        private long scores(long listing) {
            return stage.database().jdbi().withHandle(handle -> {
                handle.execute("create table bench_scores (like score_block_" + listing + ")");
                Costs before = Costs.read(stage.database());
                handle.execute("insert into bench_scores select * from score_block_" + listing);
                long wal = Costs.read(stage.database()).minus(before).wal();
                handle.execute("drop table bench_scores");
                return wal;
            });
        }

        private long listed(long listing) {
            return stage.coordinator()
                    .listings()
                    .find(new ListingId(listing))
                    .orElseThrow()
                    .counts()
                    .listed();
        }

        private void require(Team.Done done, long listing, long listed) {
            long cleared = stage.coordinator()
                    .listings()
                    .find(new ListingId(listing))
                    .orElseThrow()
                    .counts()
                    .cleared();
            if (cleared != listed || done.objects() != listed) {
                throw new IllegalStateException(
                        "of " + listed + " objects listed, " + cleared + " were cleared: the figures mean nothing");
            }
        }
    }
}
