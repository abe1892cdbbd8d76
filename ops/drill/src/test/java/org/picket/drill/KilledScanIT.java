package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The process is killed at random moments and started again with the same command, until it ends by itself:
/// the storage then looks as after an undisturbed run, each effect was had once, the ledger verifies, and
/// nothing is left running.
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class KilledScanIT {
    /// So many in each build, as every kill takes two scans; all of them among the long drills.
    private static final int FEW = 2;

    private static final int ALL = 20;
    private static final int SAMPLES = 100;
    private static final long SHORTEST_MILLIS = 1_000;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"quarantine", "delete"})
    void killedScansComeToTheSameEndAsAnUndisturbedOne(String mode) {
        kill(mode, FEW, new Random(8));
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"quarantine", "delete"})
    void scansKilledAtTwentyMomentsComeToTheSameEndAsAnUndisturbedOne(String mode) {
        kill(mode, ALL, new Random(7));
    }

    private void kill(String mode, int times, Random random) {
        Path samples = Admin.samples(folder, SAMPLES, 4242);
        Path untouched = folder.resolve("untouched");
        FileTreeState.copy(samples, untouched);

        long begun = System.nanoTime();
        Admin undisturbed = admin("data-whole", mode);
        PicketProcess.Ended whole = scan(undisturbed, samples, mode).end().expect(0);
        long wholeMillis = millisSince(begun);
        long restMillis = wholeMillis / 2;
        assertTrue(whole.number("flagged") > 0, "the samples show nothing to find");
        FileTreeState expected = FileTreeState.of(samples);
        TreeSet<String> expectedFindings = findings(undisturbed);

        long all = FileTreeState.files(untouched);
        long kept = all - whole.number("flagged");
        int kills = 0;
        int amid = 0;
        for (int round = 0; kills < times; round++) {
            Path disturbed = folder.resolve("disturbed-" + round);
            FileTreeState.copy(untouched, disturbed);
            Admin admin = admin("data-" + round, mode);
            // One that goes on has less to do. Moments come within what a scan takes now: the machine may have
            // become faster since the first one.
            boolean goesOn = false;
            for (boolean killed = true; killed && kills < times; goesOn = true) {
                begun = System.nanoTime();
                PicketProcess scan = scan(admin, disturbed, mode);
                long before = FileTreeState.files(disturbed);
                boolean atEffect = kills % 2 == 1 && before > kept;
                killed = atEffect
                        ? scan.killWhen(() -> FileTreeState.files(disturbed) < before)
                        : scan.killAfter(random.nextLong(goesOn ? restMillis : wholeMillis));
                if (killed) {
                    kills++;
                    long left = FileTreeState.files(disturbed);
                    amid += left < before && left > kept ? 1 : 0;
                    if (kills % 4 == 0) {
                        PicketProcess.awaitNoOrphan(admin.data());
                    }
                } else if (goesOn) {
                    restMillis = Math.clamp(millisSince(begun), SHORTEST_MILLIS, restMillis);
                } else {
                    wholeMillis = Math.clamp(millisSince(begun), SHORTEST_MILLIS, wholeMillis);
                }
            }
            PicketProcess.Ended last = scan(admin, disturbed, mode).end().expect(0);
            assertEquals(expected, FileTreeState.of(disturbed), "after " + kills + " kills");
            assertEquals(expectedFindings, findings(admin));
            assertEquals(last.number("listed"), last.ruled());
            admin.run("verify").expect(0);
            PicketProcess.awaitNoOrphan(admin.data());
        }
        assertTrue(times < ALL || amid > 0, "no kill fell between two removals");
    }

    /// Ctrl-C ends it soon, in good order and with the status of work that is left; the same command goes on.
    @Test
    void anInterruptedScanSaysWhatIsLeftAndGoesOn() {
        Path samples = Admin.samples(folder, 3 * SAMPLES, 77);
        long all = FileTreeState.files(samples);
        Admin admin = admin("data-interrupted", "quarantine");
        PicketProcess first = scan(admin, samples, "quarantine");
        first.awaitErrors(Pattern.compile("of \\d+ objects"));
        first.interrupt();
        PicketProcess.Ended interrupted = first.end().expect(1);
        assertTrue(interrupted.err().contains("interrupted. The same command again goes on"), interrupted.err());
        assertTrue(interrupted.err().contains("incomplete: "), interrupted.err());
        PicketProcess.awaitNoOrphan(admin.data());
        PicketProcess.Ended last = scan(admin, samples, "quarantine").end().expect(0);
        assertEquals(last.number("listed"), last.ruled());
        assertEquals(all - last.number("quarantined"), FileTreeState.files(samples));
        admin.run("verify").expect(0);
    }

    private static long millisSince(long begun) {
        return (System.nanoTime() - begun) / 1_000_000;
    }

    /// With one decoder process to leave behind, or with several.
    private Admin admin(String data, String mode) {
        Admin admin = Admin.of(folder, data);
        return mode.equals("delete") ? admin.with(PicketProcess.ALL_DECODERS) : admin;
    }

    private static PicketProcess scan(Admin admin, Path source, String mode) {
        return admin.start("scan", source.toString(), "--mode", mode, "--json");
    }

    /// Key and state of each finding; each key once.
    private static TreeSet<String> findings(Admin admin) {
        return admin.findings().stream()
                .map(row -> row.key() + " " + row.state())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
