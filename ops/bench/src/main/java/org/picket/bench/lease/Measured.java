package org.picket.bench.lease;

import java.sql.SQLException;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.StorageId;

/// Runs of the ceiling and of the coordinator, in turn, with what each costs.
record Measured(Stage stage, Team team, Shelf shelf) {
    Series series(int objects, int shards, int runs, Client.Habits habits) throws InterruptedException, SQLException {
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
        double own = spent.ownNanos() / 1e3 / count;
        series.serverMicros.add(server);
        series.ownMicros.add(own);
        series.micros.add(server + own);
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
