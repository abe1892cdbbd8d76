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
import java.util.regex.Pattern;
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
        Path second = Files.createDirectory(folder.resolve("second"));
        PicketProcess coordinator = coordinator(listen);
        join(CRAWLER, CRAWLER, "example.org");
        join(CRAWLER, "other", "example.org");
        join("admin", "admin", "example.org");
        join("agent", "agent", "alice");
        long early = add(storage, "early", 91);
        crawler = crawler(storage);
        start("agent", "agent", "run", "--provider", "cpu");
        await(() -> FileTreeState.kept(storage) == early);

        crawler.interrupt();
        crawler.end();
        coordinator.interrupt();
        coordinator.end().expect(0);
        String backup = deploy("backup", folder.resolve(COORDINATOR), folder.resolve("backups"));

        coordinator = coordinator(listen);
        crawler = crawler(storage, second);
        long later = early + add(storage, "later", 92);
        long lost = add(second, "unsaved", 94);
        await(() -> FileTreeState.kept(storage) == later && FileTreeState.kept(second) == lost);
        TreeMap<String, Integer> kept = FileTreeState.of(storage).quarantined();
        assertEquals(later + lost, findings());

        coordinator.killAfter(0);
        PicketProcess.awaitNoOrphan(folder.resolve(COORDINATOR));
        Files.move(folder.resolve(COORDINATOR), folder.resolve("lost"));
        deploy("restore", Path.of(backup), folder.resolve(COORDINATOR));
        run(COORDINATOR, "verify").expect(0);
        takeANumber();
        coordinator = coordinator(listen);

        long latest = later + add(storage, "latest", 93);
        long found = lost + add(second, "found", 95);
        await(() -> FileTreeState.kept(storage) == latest && FileTreeState.kept(second) == found);
        crawler.awaitErrors(Pattern.compile("has given storage 2 the number 3"));
        TreeMap<String, Integer> keptNow = FileTreeState.of(storage).quarantined();
        kept.remove(SIDECARS);
        kept.forEach((hash, count) -> assertEquals(count, keptNow.get(hash), "what was quarantined is there no more"));
        // Those of the lost time are in quarantine, and no finding leads to them.
        assertEquals(early + latest - later + found - lost, findings());
        coordinator.interrupt();
        coordinator.end().expect(0);
        run(COORDINATOR, "verify").expect(0);
    }

    /// Registers another storage under the number that one of the lost time had, while nobody else is there.
    private void takeANumber() throws IOException {
        String elsewhere = Replicas.free();
        PicketProcess coordinator = coordinator(elsewhere);
        Path empty = Files.createDirectory(folder.resolve("empty"));
        run("other", CRAWLER, "run", "--storage", empty.toString(), "--once", "--coordinator", elsewhere)
                .expect(0);
        coordinator.interrupt();
        coordinator.end().expect(0);
    }

    private PicketProcess crawler(Path... storages) {
        List<String> arguments = new ArrayList<>(List.of(CRAWLER, "run", "--mode", "quarantine", "--every", "1s"));
        for (Path each : storages) {
            arguments.addAll(List.of("--storage", each.toString()));
        }
        return start(CRAWLER, arguments.toArray(String[]::new));
    }

    private PicketProcess coordinator(String address) {
        PicketProcess coordinator = start(COORDINATOR, COORDINATOR, "--listen", address);
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
    private long add(Path storage, String name, long seed) throws IOException {
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
