package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A scan that is watched while it runs: ready when it is, every number with its help and its unit, and nothing
/// in any of them that could name an object.
class WatchIT {
    private static final int SAMPLES = 400;
    private static final int MOST_SERIES = 400;
    private static final int SHORT_HASH = 8;
    private static final Pattern ADDRESS = Pattern.compile("metrics at (http://[^/]+)/metrics");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Set<String> LABELS = Set.of(
            "agent",
            "end",
            "event",
            "format",
            "le",
            "method",
            "outcome",
            "provider",
            "reason",
            "removal",
            "service",
            "state",
            "status",
            "storage",
            "version");
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,47}|[0-9]{1,2}");
    /// Classes of durations, and versions.
    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){0,2}|\\+Inf");

    /// One of each noun at least; all of them are in ARCHITECTURE.md.
    private static final List<String> COUNTERS = List.of(
            "picket_leases_granted_total",
            "picket_leases_ended_total",
            "picket_verdicts_accepted_total",
            "picket_verdicts_rejected_total",
            "picket_rulings_total",
            "picket_views_ruled_total",
            "picket_orders_total",
            "picket_receipts_total",
            "picket_crawler_listed_objects_total",
            "picket_crawler_read_bytes_total",
            "picket_crawler_objects_total",
            "picket_decoded_objects_total",
            "picket_decoder_restarts_total",
            "picket_agent_views_total",
            "picket_agent_batches_total",
            "picket_agent_inference_seconds_total");

    private static final List<String> GAUGES = List.of(
            "picket_state",
            "picket_build",
            "picket_shards",
            "picket_leases",
            "picket_oldest_lease_seconds",
            "picket_stuck_shards",
            "picket_ledger_entries",
            "picket_database_connections",
            "picket_agent_outbox_leases",
            "picket_agent_provider",
            "jvm_memory_used_bytes",
            "process_uptime_seconds");

    @TempDir
    private Path folder;

    private record Watched(List<Integer> ready, List<String> scrapes) {}

    @Test
    void watchedScanTellsHowItStandsAndNamesNothing() throws Exception {
        Path samples = Admin.samples(folder, SAMPLES, 11);
        PicketProcess scan = Admin.of(folder, "data")
                .start("scan", samples.toString(), "--mode", "quarantine", "--metrics", "127.0.0.1:0", "--json");
        Set<String> secrets = secrets(samples);
        Watched watched = watch(scan);
        scan.end().expect(0);

        assertEquals(503, watched.ready().getFirst(), "ready before anything could be done");
        assertTrue(watched.ready().contains(200), "never ready: " + watched.ready());
        String last = watched.scrapes().getLast();
        assertTrue(value(last, "picket_rulings_total{outcome=\"cleared\"}") > 0, last);
        assertTrue(value(last, "picket_crawler_read_bytes_total") > 0, last);
        assertTrue(value(last, "picket_ledger_entries") > 0, last);
        COUNTERS.forEach(name -> assertTold(last, name, "counter"));
        GAUGES.forEach(name -> assertTold(last, name, "gauge"));
        assertTold(last, "picket_call_seconds", "histogram");
        watched.scrapes().forEach(WatchIT::assertBounded);
        String everything = String.join("\n", watched.scrapes());
        for (String secret : secrets) {
            assertFalse(everything.contains(secret), "a number names an object");
        }
    }

    /// Asks again and again until the process ends, or no longer answers.
    private static Watched watch(PicketProcess scan) throws IOException, InterruptedException {
        Watched watched = new Watched(new ArrayList<>(), new ArrayList<>());
        Optional<String> address = Optional.empty();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!scan.endsWithin(50)) {
                if (address.isEmpty()) {
                    Matcher said = ADDRESS.matcher(scan.errors());
                    address = said.find() ? Optional.of(said.group(1)) : address;
                }
                if (address.isPresent()) {
                    try {
                        watched.ready()
                                .add(get(client, address.get() + "/readyz").statusCode());
                        HttpResponse<String> scrape = get(client, address.get() + "/metrics");
                        assertEquals(200, scrape.statusCode());
                        if (scrape.body().contains("picket_agent_views_total")
                                || watched.scrapes().isEmpty()) {
                            watched.scrapes().add(scrape.body());
                        }
                    } catch (ConnectException e) {
                        return watched;
                    } catch (IOException e) {
                        // Cut off by the end of the process.
                        assertTrue(watched.ready().contains(200), e.toString());
                    }
                }
            }
        }
        return watched;
    }

    private static HttpResponse<String> get(HttpClient client, String uri) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(uri))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void assertTold(String scrape, String name, String type) {
        assertTrue(scrape.contains("# TYPE " + name + " " + type + "\n"), name + " is missing in:\n" + scrape);
        assertTrue(
                Pattern.compile("# HELP " + name + " \\S.{7,}").matcher(scrape).find(), name + " has no help");
    }

    /// Few series, and labels only of small fixed sets.
    private static void assertBounded(String scrape) {
        List<String> ours =
                scrape.lines().filter(line -> line.startsWith("picket_")).toList();
        assertTrue(ours.size() <= MOST_SERIES, ours.size() + " series");
        for (String line : ours) {
            Matcher label = LABEL.matcher(line);
            while (label.find()) {
                assertTrue(LABELS.contains(label.group(1)), line);
                assertTrue(
                        WORD.matcher(label.group(2)).matches()
                                || AMOUNT.matcher(label.group(2)).matches(),
                        line);
            }
        }
    }

    private static double value(String scrape, String series) {
        return scrape.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .sum();
    }

    /// Names of the objects, and what their hashes begin with.
    private static Set<String> secrets(Path samples) throws IOException, NoSuchAlgorithmException {
        Set<String> secrets = new HashSet<>();
        try (Stream<Path> files = Files.walk(samples)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                secrets.add(file.getFileName().toString());
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                secrets.add(HexFormat.of().formatHex(hash).substring(0, SHORT_HASH));
            }
        }
        return secrets;
    }
}
