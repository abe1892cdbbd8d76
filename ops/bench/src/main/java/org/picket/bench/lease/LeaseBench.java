package org.picket.bench.lease;

import java.sql.SQLException;
import org.picket.bench.Bench;
import org.picket.bench.Workplace;
import org.picket.proto.v1.ListingsGrpc;

/// Grant and completion through the coordinator's own code, at several sizes of shard, and what it costs.
public final class LeaseBench implements Bench {
    private static final Client.Habits LARGE = new Client.Habits(1_000_000, false);
    private static final Client.Habits LARGE_PROBING = new Client.Habits(1_000_000, true);
    private static final Client.Habits SMALL = new Client.Habits(1, false);

    @Override
    public void run(Workplace workplace) throws InterruptedException, SQLException {
        try (Stage stage = Stage.open(workplace.folder().resolve("lease"));
                Team team = new Team(stage)) {
            Shelf shelf = new Shelf(ListingsGrpc.newBlockingStub(stage.crawler()));
            Measured measured = new Measured(stage, team, shelf);
            int runs = workplace.amount(2, 5);
            warmUp(measured, workplace);
            measured.series(512, workplace.amount(1_000, 6_000), runs, LARGE).print(512, "resolve,supply,verdict");
            // The first probe of an epoch reads all scores that are kept of it, which is done once in a process's life.
            measured.series(512, workplace.amount(600, 3_000), 1, LARGE_PROBING);
            measured.series(512, workplace.amount(600, 3_000), workplace.amount(1, 3), LARGE_PROBING)
                    .print(512, "resolve,probe,supply,verdict");
            measured.series(64, workplace.amount(1_000, 6_000), runs, SMALL).print(64, "resolve,supply,verdict");
            measured.series(1, workplace.amount(300, 2_000), runs, SMALL).print(1, "resolve,supply,verdict");
            new PinnedSnapshot(stage, team, shelf).run(workplace, LARGE);
        }
    }

    /// The compiler's work is no part of the figures: after 40 thousand leases it still took a fifth of the processors.
    private static void warmUp(Measured measured, Workplace workplace) throws InterruptedException, SQLException {
        measured.series(512, workplace.amount(4_000, 12_000), workplace.amount(2, 8), LARGE);
    }
}
