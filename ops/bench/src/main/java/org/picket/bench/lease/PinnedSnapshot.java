package org.picket.bench.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.Handle;
import org.picket.bench.Figure;
import org.picket.bench.Workplace;

/// The rate while another connection holds an old snapshot, as a backup or a long report does: nothing that is
/// updated meanwhile can be cleaned up.
final class PinnedSnapshot {
    /// Enough is listed to last to the end at this rate; the bench fails where the machine is faster.
    private static final int MOST_OBJECTS_PER_SECOND = 2_200_000;

    private final Stage stage;
    private final Team team;
    private final Shelf shelf;

    PinnedSnapshot(Stage stage, Team team, Shelf shelf) {
        this.stage = stage;
        this.team = team;
        this.shelf = shelf;
    }

    /// Works without a pause: clean, pinned, clean again.
    void run(Workplace workplace, Client.Habits habits) throws InterruptedException {
        int clean = workplace.amount(6, 15);
        int pinned = workplace.amount(10, 60);
        int tail = workplace.amount(4, 15);
        int seconds = 2 * clean + pinned + 2;
        int shards = (int) ((long) MOST_OBJECTS_PER_SECOND * seconds / 512);
        shelf.list(stage.storage(), shards, 512);
        FutureTask<Team.Done> work = new FutureTask<>(() -> team.work(habits, shards * 512L));
        Thread.ofPlatform().name("pinned-work").start(work);
        window(work, 2);
        List<Double> before = window(work, clean);
        List<Double> during;
        try (Handle old = stage.database().jdbi().open()) {
            old.execute("set idle_in_transaction_session_timeout = 0");
            old.execute("begin transaction isolation level repeatable read");
            old.createQuery("select count(*) from listing").mapTo(Long.class).one();
            during = window(work, pinned);
            old.execute("rollback");
        }
        List<Double> after = window(work, clean);
        team.stop();
        try {
            work.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the work under an old snapshot failed", e.getCause());
        }
        List<Double> last = during.subList(during.size() - tail, during.size());
        List<Double> around = new ArrayList<>(before);
        around.addAll(after);
        double cleanRate = figure("lease.snapshot.clean", around, "seconds=" + 2 * clean);
        double pinnedRate = figure("lease.snapshot.pinned", last, "seconds=last " + tail + " of " + pinned);
        Figure.once("lease.snapshot.pinned_to_clean", "ratio", pinnedRate / cleanRate, "objectsPerShard=512")
                .print();
        Figure.once("lease.snapshot.pinned_to_before", "ratio", pinnedRate / median(before), "objectsPerShard=512")
                .print();
    }

    private static double figure(String name, List<Double> seconds, String condition) {
        Figure figure = new Figure(name, "objects/s", seconds, List.of("objectsPerShard=512", condition));
        figure.print();
        return figure.median();
    }

    private static double median(List<Double> seconds) {
        return new Figure("median", "objects/s", seconds, List.of()).median();
    }

    /// Rates of so many seconds, one each.
    private List<Double> window(FutureTask<Team.Done> work, int seconds) throws InterruptedException {
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < seconds; i++) {
            long begin = System.nanoTime();
            long before = team.done();
            try {
                work.get(1, TimeUnit.SECONDS);
                throw new IllegalStateException("there was less work than time");
            } catch (TimeoutException _) {
                rates.add((team.done() - before) / ((System.nanoTime() - begin) / 1e9));
            } catch (ExecutionException e) {
                throw new IllegalStateException("the work under an old snapshot failed", e.getCause());
            }
        }
        return rates;
    }
}
