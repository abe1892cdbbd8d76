package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One crawler with two folders, each with a mode and a circle of its own, as processes on loopback.
@Tag("long")
class SeveralStoragesIT {
    private static final int SAMPLES = 24;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);
    /// Far longer than an order takes.
    private static final long A_WHILE_MILLIS = 2_000;

    private static final long LOOK_MILLIS = 100;

    @TempDir
    private Path folder;

    private Path enforced;
    private Path observed;
    private Collective collective;
    private PicketProcess crawler;
    private int seed = 90;

    @BeforeEach
    void begin() throws IOException {
        folder = folder.toRealPath();
        enforced = samples("enforced");
        observed = samples("observed");
        collective = new Collective(folder);
    }

    @AfterEach
    void end() {
        collective.close();
    }

    @Test
    void eachStorageHasItsModeAndCircleAndHoldsUpNoOther() throws Exception {
        collective.join("crawler", "crawler", "example.org");
        collective.join("admin", "admin", "example.org");
        collective.join("agent", "own", "example.org");
        collective.join("agent", "bob", "bob");
        long first = flagged(enforced);
        assertTrue(first > 0 && flagged(observed) > 0);
        Path later = Files.move(observed, folder.resolve("later"));
        crawler = collective.start("crawler", arguments());
        awaitWords("It is not served meanwhile, the others are");
        Files.move(later, observed);
        assertNoStorageIsSeenByAnotherOnesCircle();
        await(() -> kept(enforced) == first);
        assertEquals(0, kept(observed));
        assertTrue(measured("picket_crawler_objects_total", 1) > 0);
        assertTrue(measured("picket_crawler_objects_total", 2) > 0);

        Path away = Files.move(observed, folder.resolve("away"));
        awaitWords("It is tried again");
        long second = first + add("second");
        await(() -> kept(enforced) == second);
        Files.move(away, observed);
        long scans = scans(observed);
        await(() -> scans(observed) > scans);

        collective.run("crawler", "crawler", "stop-removals").expect(0);
        assertTrue(add("third") > 0);
        collective.run("admin", "findings", "enforce", "--action", "quarantine", "--all", "--wait", "0s");
        await(() -> measured("picket_crawler_open_orders", 1) > 0 && measured("picket_crawler_open_orders", 2) > 0);
        crawler.awaitErrors(Pattern.compile("is not carried out yet: Removals are stopped at this site"));
        assertFalse(crawler.endsWithin(A_WHILE_MILLIS));
        assertEquals(List.of(second, 0L), List.of(kept(enforced), kept(observed)));
        crawler.interrupt();
        crawler.end();
        collective.verify();
    }

    /// Each agent is accepted by one of the two circles, and there is one port for the views of both.
    private void assertNoStorageIsSeenByAnotherOnesCircle() throws InterruptedException {
        collective.start("bob", "agent", "run", "--provider", "cpu");
        await(() -> scans(observed) > 0);
        assertEquals(0, scans(enforced));
        assertEquals(0, measured("picket_crawler_objects_total", 1));
        collective.start("own", "agent", "run", "--provider", "cpu");
        await(() -> scans(enforced) > 0);
    }

    /// What is said of the storage that is only observed.
    private void awaitWords(String words) {
        crawler.awaitErrors(Pattern.compile("folder:" + Pattern.quote(observed.toString()) + ": .* " + words));
    }

    private String[] arguments() throws IOException {
        Path own = Files.write(
                folder.resolve("observed.conf"),
                List.of(
                        "crawler.storage = " + observed,
                        "scan.mode = observe",
                        "crawler.circle = operator:bob",
                        "crawler.heed-administrators = true"));
        return new String[] {
            "crawler",
            "run",
            "--storage",
            enforced.toString(),
            "--mode",
            "quarantine",
            "--circle",
            "own",
            "--storage-file",
            own.toString(),
            "--views",
            "direct",
            "--every",
            "1s",
            "--json",
            "--metrics",
            "127.0.0.1:0"
        };
    }

    private Path samples(String name) throws IOException {
        seed++;
        return Admin.samples(Files.createDirectory(folder.resolve(name)), SAMPLES, seed);
    }

    /// Adds to the storage that is enforced.
    ///
    /// @return what is to be found of it
    private long add(String name) throws IOException {
        Path more = samples(name);
        long flagged = flagged(more);
        Files.move(more, enforced.resolve(name));
        return flagged;
    }

    private static long flagged(Path samples) throws IOException {
        return Files.readAllLines(samples.resolve("manifest.csv")).stream()
                .filter(line -> line.contains(",flagged"))
                .count();
    }

    /// Objects in quarantine.
    private static long kept(Path storage) {
        Path quarantine = storage.resolve(".picket-quarantine");
        if (!Files.isDirectory(quarantine)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(quarantine)) {
            return files.filter(file -> file.toString().endsWith(".sidecar")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Scans of a storage that are complete.
    private long scans(Path storage) {
        return crawler.output()
                .lines()
                .filter(line -> line.startsWith("{\"storage\":\"folder:" + storage + "\"")
                        && line.contains("\"complete\":true"))
                .count();
    }

    /// A number of one storage, whatever its other labels.
    private double measured(String metric, int storage) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return Pattern.compile("(?m)^" + metric + "\\{(?:[^}]*,)?place=\"" + storage + "\"[^}]*} (\\S+)$")
                    .matcher(crawler.scrape(client).orElseThrow(() -> new AssertionError(crawler.errors())))
                    .results()
                    .mapToDouble(line -> Double.parseDouble(line.group(1)))
                    .sum();
        }
    }

    private void await(BooleanSupplier done) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (!done.getAsBoolean()) {
            assertFalse(crawler.endsWithin(LOOK_MILLIS), crawler::errors);
            assertTrue(System.nanoTime() < until, () -> crawler.errors() + "\n" + crawler.output());
        }
    }
}
