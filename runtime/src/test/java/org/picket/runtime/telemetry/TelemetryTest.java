package org.picket.runtime.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.time.TimeSource;

class TelemetryTest {
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    private static final TimeSource TIME = () -> NOW;

    private final Lifecycle process = new Lifecycle("the process", TIME);
    private Telemetry telemetry;
    private HttpClient client;

    @BeforeEach
    void start() {
        telemetry =
                Telemetry.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), process::standing, TIME);
        client = HttpClient.newHttpClient();
    }

    @AfterEach
    void close() {
        client.close();
        telemetry.close();
        process.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        InetSocketAddress at = telemetry.address();
        return client.send(
                HttpRequest.newBuilder(URI.create("http://" + at.getHostString() + ":" + at.getPort() + path))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void readyOnlyWhileTheProcessIs() throws Exception {
        assertEquals(503, get("/readyz").statusCode());
        assertEquals(200, get("/healthz").statusCode());
        process.start("database", Duration.ofSeconds(5), () -> 1, started -> {});
        process.ready();
        assertEquals(200, get("/readyz").statusCode());
        assertEquals(
                "READY since 2026-11-01T00:00:00Z\nruns: database\n",
                get("/readyz").body());
        process.drain();
        assertEquals(503, get("/readyz").statusCode());
        assertEquals(200, get("/healthz").statusCode());
    }

    @Test
    void numbersComeWithHelpTypeAndLabels() throws Exception {
        AtomicLong granted = new AtomicLong(3);
        telemetry
                .meters()
                .counter("picket_leases_total", "Leases that were granted.", granted::get, Label.of("agent", 1));
        telemetry.meters().gauge("picket_oldest_lease_seconds", "Age of the oldest lease.", () -> 1.5);
        String first = get("/metrics").body();
        assertTrue(first.contains("# HELP picket_leases_total Leases that were granted.\n"), first);
        assertTrue(first.contains("# TYPE picket_leases_total counter\n"), first);
        assertTrue(first.contains("picket_leases_total{agent=\"1\"} 3.0\n"), first);
        assertTrue(first.contains("# TYPE picket_oldest_lease_seconds gauge\n"), first);
        assertTrue(first.contains("picket_oldest_lease_seconds 1.5\n"), first);
        assertTrue(first.contains("jvm_memory_used_bytes{"), first);
        assertTrue(first.contains("process_uptime_seconds"), first);
        assertTrue(first.contains("picket_state{state=\"starting\"} 1.0\n"), first);
        granted.set(5);
        System.gc();
        assertTrue(get("/metrics").body().contains("picket_leases_total{agent=\"1\"} 5.0\n"), "asked at each scrape");
    }

    @Test
    void timingsFallIntoClasses() throws Exception {
        Meters.Timing timing =
                telemetry.meters().timing("picket_call_seconds", "Calls answered.", Label.of("method", "Acquire"));
        timing.record(Duration.ofMillis(3));
        timing.record(Duration.ofSeconds(2));
        String text = get("/metrics").body();
        assertTrue(text.contains("picket_call_seconds_bucket{method=\"Acquire\",le=\"0.005\"} 1\n"), text);
        assertTrue(text.contains("picket_call_seconds_bucket{method=\"Acquire\",le=\"+Inf\"} 2\n"), text);
        assertTrue(text.contains("picket_call_seconds_count{method=\"Acquire\"} 2\n"), text);
    }

    @Test
    void numbersOfPartsThatEndedAreGoneAndTheirSuccessorsCount() throws Exception {
        Meters first = telemetry.meters().within();
        first.counter("picket_views_total", "Views that were scored.", () -> 7);
        assertTrue(get("/metrics").body().contains("picket_views_total 7.0\n"));
        first.close();
        assertFalse(get("/metrics").body().contains("picket_views_total"));
        Meters second = telemetry.meters().within();
        second.counter("picket_views_total", "Views that were scored.", () -> 8);
        assertTrue(get("/metrics").body().contains("picket_views_total 8.0\n"));
    }

    @Test
    void equalPartsAreToldApartByTheirLabelAndEndAlone() throws Exception {
        Meters first = telemetry.meters().within(Label.of("storage", 1));
        Meters second = telemetry.meters().within(Label.of("storage", 2));
        first.counter("picket_objects_total", "Objects that were read.", () -> 7, Label.of("outcome", "gone"));
        second.counter("picket_objects_total", "Objects that were read.", () -> 8, Label.of("outcome", "gone"));
        first.within().gauge("picket_leases", "Leases that live.", () -> 2);
        second.timing("picket_call_seconds", "Calls answered.").record(Duration.ofMillis(3));
        String text = get("/metrics").body();
        assertTrue(text.contains("picket_objects_total{outcome=\"gone\",storage=\"1\"} 7.0\n"), text);
        assertTrue(text.contains("picket_objects_total{outcome=\"gone\",storage=\"2\"} 8.0\n"), text);
        assertTrue(text.contains("picket_leases{storage=\"1\"} 2.0\n"), text);
        assertTrue(text.contains("picket_call_seconds_count{storage=\"2\"} 1\n"), text);
        first.close();
        text = get("/metrics").body();
        assertFalse(text.contains("picket_objects_total{outcome=\"gone\",storage=\"1\"}"), text);
        assertTrue(text.contains("picket_objects_total{outcome=\"gone\",storage=\"2\"} 8.0\n"), text);
        assertEquals(Meters.none(), Meters.none().within(Label.of("storage", 1)));
    }

    @Test
    void numberThatCannotBeReadSpoilsNoOther() throws Exception {
        telemetry.meters().gauge("picket_ledger_entries", "Entries of the ledger.", () -> {
            throw new IllegalStateException("the database is away");
        });
        telemetry.meters().gauge("picket_leases", "Leases that live.", () -> 2);
        HttpResponse<String> answer = get("/metrics");
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().contains("picket_ledger_entries NaN\n"), answer.body());
        assertTrue(answer.body().contains("picket_leases 2.0\n"), answer.body());
    }

    @Test
    void numbersOfThingsComeAndGoWithThem() throws Exception {
        Map<Long, Double> open = new ConcurrentHashMap<>(Map.of(7L, 3.0, 123_456L, 1.5));
        Meters within = telemetry.meters().within();
        within.gauges("picket_storage_open_objects", "Objects that are not ruled.", "storage", () -> open);
        String first = get("/metrics").body();
        assertTrue(first.contains("# TYPE picket_storage_open_objects gauge\n"), first);
        assertTrue(first.contains("picket_storage_open_objects{storage=\"7\"} 3.0\n"), first);
        assertTrue(first.contains("picket_storage_open_objects{storage=\"123456\"} 1.5\n"), first);
        open.remove(7L);
        open.put(123_456L, 2.5);
        String second = get("/metrics").body();
        assertFalse(second.contains("storage=\"7\""), second);
        assertTrue(second.contains("picket_storage_open_objects{storage=\"123456\"} 2.5\n"), second);
        within.close();
        assertFalse(get("/metrics").body().contains("picket_storage_open_objects"));
    }

    @Test
    void numbersOfThingsHaveABound() throws Exception {
        Map<Long, Double> many = LongStream.rangeClosed(1, Meters.MOST_THINGS + 5)
                .boxed()
                .collect(Collectors.toMap(Function.identity(), Long::doubleValue));
        telemetry.meters().gauges("picket_storage_leases", "Leases that live.", "storage", () -> many);
        telemetry.meters().gauges("picket_storage_open_objects", "Objects that are not ruled.", "storage", () -> {
            throw new IllegalStateException("synthetic");
        });
        String text = get("/metrics").body();
        assertEquals(
                Meters.MOST_THINGS,
                text.lines()
                        .filter(line -> line.startsWith("picket_storage_leases{"))
                        .count());
        assertTrue(text.contains("picket_storage_leases{storage=\"1000\"}"), "those with the lowest numbers");
        assertFalse(text.contains("picket_storage_open_objects{"), "what fails is left out");
    }

    @Test
    void nothingElseIsServed() throws Exception {
        assertEquals(404, get("/").statusCode());
        assertEquals(404, get("/metrics/x").statusCode());
    }

    @Test
    void onlyThisMachineMayAsk() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Telemetry.start(new InetSocketAddress("0.0.0.0", 0), process::standing, TIME));
    }

    @Test
    void namesSayTheirUnit() {
        Meters meters = telemetry.meters();
        assertThrows(IllegalArgumentException.class, () -> meters.counter("picket_leases", "Leases granted.", () -> 1));
        assertThrows(IllegalArgumentException.class, () -> meters.gauge("leases", "Leases that live.", () -> 1));
        assertThrows(IllegalArgumentException.class, () -> meters.gauge("picket_x_total", "Leases.....", () -> 1));
        assertThrows(
                IllegalArgumentException.class, () -> meters.timing("picket_call", "Calls answered.", new Label[0]));
        assertThrows(IllegalArgumentException.class, () -> meters.gauge("picket_leases", "", () -> 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "media/2026/cat.jpg",
                "cat picture",
                "9f86d081884c7d65",
                "deadbeefcafe0123deadbeefcafe0123",
                "60129542145",
                "2c26b46b-68ff-c68f",
                "",
                "one-word-that-goes-on-and-on-until-it-could-hold-anything"
            })
    void labelThatCouldBeAKeyOrAHashIsRefused(String value) {
        assertThrows(IllegalArgumentException.class, () -> Label.of("state", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"leased", "decoder_out_of_memory", "Acquire", "0.1.0", "cpu", "64", "APNG"})
    void wordsOfFixedSetsAreLabels(String value) {
        assertEquals(value, Label.of("state", value).value());
    }
}
