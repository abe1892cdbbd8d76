package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The process is killed at random moments and started again with the same command, until it ends by itself:
/// the storage then looks as after an undisturbed run, each effect was had once, the ledger verifies, and
/// nothing is left running.
class KilledScanIT {
    private static final int KILLS = 20;
    private static final int SAMPLES = 100;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"quarantine", "delete"})
    void killedScansComeToTheSameEndAsAnUndisturbedOne(String mode) {
        Path samples = folder.resolve("samples");
        PicketProcess.run(folder, "samples", samples.toString(), "--count", "" + SAMPLES, "--seed", "4242")
                .expect(0);
        Path untouched = folder.resolve("untouched");
        FileTreeState.copy(samples, untouched);

        long begun = System.nanoTime();
        PicketProcess.Ended whole =
                scan(samples, folder.resolve("data-whole"), mode).end().expect(0);
        long longestMillis = (System.nanoTime() - begun) / 1_000_000;
        assertTrue(whole.number("flagged") > 0, "the samples show nothing to find");
        FileTreeState expected = FileTreeState.of(samples);
        TreeSet<String> expectedFindings = findings(folder.resolve("data-whole"));

        Random random = new Random(7);
        int kills = 0;
        for (int round = 0; kills < KILLS; round++) {
            Path disturbed = folder.resolve("disturbed-" + round);
            FileTreeState.copy(untouched, disturbed);
            Path data = folder.resolve("data-" + round);
            // One that goes on has less to do: moments over the whole length would mostly come after its end.
            long withinMillis = longestMillis;
            while (kills < KILLS && scan(disturbed, data, mode).killAfter(random.nextLong(withinMillis))) {
                kills++;
                withinMillis = longestMillis / 2;
            }
            PicketProcess.Ended last = scan(disturbed, data, mode).end().expect(0);
            assertEquals(expected, FileTreeState.of(disturbed), "after " + kills + " kills");
            assertEquals(expectedFindings, findings(data));
            assertEquals(last.number("listed"), ruled(last));
            PicketProcess.run(folder, "verify", "--data", data.toString()).expect(0);
            PicketProcess.awaitNoOrphan(data);
        }
    }

    private static long ruled(PicketProcess.Ended scan) {
        return scan.number("known")
                + scan.number("cleared")
                + scan.number("flagged")
                + scan.number("inconclusive")
                + scan.number("gone");
    }

    private PicketProcess scan(Path source, Path data, String mode) {
        return PicketProcess.start(
                folder, "scan", source.toString(), "--data", data.toString(), "--mode", mode, "--json");
    }

    /// Key and state of each finding; each key once.
    private TreeSet<String> findings(Path data) {
        String csv = PicketProcess.run(folder, "findings", "--csv", "--data", data.toString())
                .expect(0)
                .out();
        return csv.lines()
                .skip(1)
                .map(line -> line.split(",", -1))
                .map(cells -> cells[2] + " " + cells[cells.length - 2])
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
