package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A coordinator is lost and put back from a backup, a step back in time, while its members go on: they find it
/// again by themselves, what was done since stays done, and what is new is scanned.
@Tag("long")
class RestoredCollectiveIT {
    private static final String COORDINATOR = "coordinator";
    private static final String CRAWLER = "crawler";
    private static final Path DEPLOY = Path.of("..", "deploy").toAbsolutePath().normalize();
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);
    private static final long LOOK_MILLIS = 100;
    private static final String SIDECARS = "sidecar";

    @TempDir
    private Path folder;

    private final List<PicketProcess> processes = new ArrayList<>();
    private String listen;
    private Path storage;
    private PicketProcess crawler;

    @AfterEach
    void end() {
        processes.reversed().forEach(PicketProcess::stop);
        PicketProcess.awaitNoOrphan(folder.resolve(COORDINATOR));
    }

    @Test
    void membersGoOnWithACoordinatorThatWasSetBack() throws Exception {
        listen = Replicas.free();
        storage = Files.createDirectory(folder.resolve("storage"));
        PicketProcess coordinator = coordinator();
        join(CRAWLER, CRAWLER, "example.org");
        join("admin", "admin", "example.org");
        join("agent", "agent", "alice");
        long found = add("early", 91);
        crawler = start(
                CRAWLER, CRAWLER, "run", "--storage", storage.toString(), "--mode", "quarantine", "--every", "1s");
        start("agent", "agent", "run", "--provider", "cpu");
        long early = found;
        await(() -> FileTreeState.kept(storage) == early);

        coordinator.interrupt();
        coordinator.end().expect(0);
        String backup = deploy("backup", folder.resolve(COORDINATOR), folder.resolve("backups"));

        coordinator = coordinator();
        long later = early + add("later", 92);
        await(() -> FileTreeState.kept(storage) == later);
        TreeMap<String, Integer> kept = FileTreeState.of(storage).quarantined();
        assertEquals(later, findings());

        coordinator.killAfter(0);
        PicketProcess.awaitNoOrphan(folder.resolve(COORDINATOR));
        Files.move(folder.resolve(COORDINATOR), folder.resolve("lost"));
        deploy("restore", Path.of(backup), folder.resolve(COORDINATOR));
        run(COORDINATOR, "verify").expect(0);
        coordinator = coordinator();

        long latest = later + add("latest", 93);
        await(() -> FileTreeState.kept(storage) == latest);
        TreeMap<String, Integer> keptNow = FileTreeState.of(storage).quarantined();
        kept.remove(SIDECARS);
        kept.forEach((hash, count) -> assertEquals(count, keptNow.get(hash), "what was quarantined is there no more"));
        // Those of the lost time are in quarantine, and no finding leads to them.
        assertEquals(early + latest - later, findings());
        coordinator.interrupt();
        coordinator.end().expect(0);
        run(COORDINATOR, "verify").expect(0);
    }

    private PicketProcess coordinator() {
        PicketProcess coordinator = start(COORDINATOR, COORDINATOR, "--listen", listen);
        coordinator.awaitOutput(Replicas.LISTENS);
        return coordinator;
    }

    private void join(String role, String data, String owner) {
        String code = run(COORDINATOR, "invite", role, "--for", owner).expect(0).lastLine();
        run(data, role, "join", code).expect(0);
    }

    /// Puts new pictures into the storage, all at once.
    ///
    /// @return how many of them are to be found
    private long add(String name, long seed) throws IOException {
        Path samples = Admin.samples(Files.createDirectory(folder.resolve(name)), 40, seed);
        long flagged = Files.readAllLines(samples.resolve("manifest.csv")).stream()
                .filter(line -> line.contains(",flagged"))
                .count();
        assertTrue(flagged > 0);
        Files.move(samples, storage.resolve(name));
        return flagged;
    }

    private long findings() {
        return Admin.of(folder, "admin").findings().size();
    }

    private String deploy(String script, Path from, Path to) {
        return PicketProcess.runOther(
                        folder, List.of(DEPLOY.resolve(script).toString(), from.toString(), to.toString()))
                .expect(0)
                .lastLine();
    }

    private PicketProcess start(String data, String... arguments) {
        PicketProcess process = Admin.of(folder, data).start(arguments);
        processes.add(process);
        return process;
    }

    private PicketProcess.Ended run(String data, String... arguments) {
        return start(data, arguments).end();
    }

    private void await(BooleanSupplier done) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (!done.getAsBoolean()) {
            assertFalse(crawler.endsWithin(LOOK_MILLIS), crawler::errors);
            assertTrue(System.nanoTime() < until, crawler::errors);
        }
    }
}
