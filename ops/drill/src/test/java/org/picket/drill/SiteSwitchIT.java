package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a site's admin switches beside the storage holds whatever the coordinator orders, as processes on loopback.
@Tag("long")
class SiteSwitchIT {
    private static final int SAMPLES = 40;
    /// Orders that failed for the moment are handed out again after a minute.
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(4);
    /// Far longer than an order takes.
    private static final long A_WHILE_MILLIS = 2_000;

    private static final long LOOK_MILLIS = 100;

    @TempDir
    private Path folder;

    private Path samples;
    private Collective collective;

    @BeforeEach
    void begin() {
        samples = Admin.samples(folder, SAMPLES, 71);
        collective = new Collective(folder);
    }

    @AfterEach
    void end() {
        collective.close();
    }

    @Test
    void stoppedSiteRemovesNothingAndPausedSiteShowsNothing() throws Exception {
        collective.join("crawler", "crawler", "example.org");
        collective.join("agent", "agent", "example.org");
        tell("stop-removals");
        long flagged = flagged(samples);
        PicketProcess crawler = collective.start(
                "crawler",
                "crawler",
                "run",
                "--storage",
                samples.toString(),
                "--mode",
                "quarantine",
                "--views",
                "relay",
                "--every",
                "1s");
        crawler.awaitErrors(Pattern.compile("they are scanned as agents come"));
        tell("pause");
        crawler.awaitErrors(Pattern.compile("paused by this site"));
        collective.start("agent", "agent", "run", "--provider", "cpu");
        assertFalse(crawler.endsWithin(A_WHILE_MILLIS));
        tell("resume");
        crawler.awaitErrors(Pattern.compile("no longer paused by this site"));

        crawler.awaitErrors(Pattern.compile("is not carried out yet: Removals are stopped at this site"));
        assertFalse(crawler.endsWithin(A_WHILE_MILLIS));
        assertEquals(0, kept());

        tell("allow-removals");
        await(crawler, () -> kept() == flagged);

        tell("pause");
        crawler.awaitErrors(Pattern.compile("(?s)no longer paused by this site.*paused by this site"));
        Path more = Admin.samples(Files.createDirectory(folder.resolve("more")), SAMPLES, 72);
        long added = flagged(more);
        assertTrue(added > 0);
        Files.move(more, samples.resolve("more"));
        assertFalse(crawler.endsWithin(A_WHILE_MILLIS));
        assertEquals(flagged, kept());

        tell("resume");
        await(crawler, () -> kept() == flagged + added);
        collective.verify();
    }

    private void tell(String word) {
        collective.run("crawler", "crawler", word).expect(0);
    }

    private long kept() {
        return FileTreeState.kept(samples);
    }

    private static long flagged(Path samples) throws IOException {
        return Files.readAllLines(samples.resolve("manifest.csv")).stream()
                .filter(line -> line.contains(",flagged"))
                .count();
    }

    private static void await(PicketProcess crawler, BooleanSupplier done) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (!done.getAsBoolean()) {
            assertFalse(crawler.endsWithin(LOOK_MILLIS), crawler::errors);
            assertTrue(System.nanoTime() < until, crawler::errors);
        }
    }
}
