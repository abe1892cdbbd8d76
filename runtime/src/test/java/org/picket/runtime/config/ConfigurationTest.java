package org.picket.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    private static final ConfigKey<Integer> AGENTS = ConfigKey.of("scan.agents", "how many", Readers.integer(1, 64));
    private static final ConfigKey<Duration> SINCE = ConfigKey.of("scan.since", "how old", Readers::span);
    private static final ConfigKey<Integer> SECRET =
            ConfigKey.secret("database.password", "the password", Readers.integer(1, 2));
    private static final List<ConfigKey<?>> KEYS = List.of(AGENTS, SINCE, SECRET);

    @TempDir
    private Path folder;

    @Test
    void flagWinsOverEnvironmentAndEnvironmentOverFile() throws IOException {
        Path file = file("scan.agents = 1\nscan.since = 3d\n");
        Map<String, String> environment = Map.of("PICKET_SCAN_AGENTS", "2");
        assertEquals(
                Optional.of(3),
                load(Map.of("scan.agents", "3"), environment, file).get(AGENTS));
        assertEquals(Optional.of(2), load(Map.of(), environment, file).get(AGENTS));
        assertEquals(Optional.of(1), load(Map.of(), Map.of(), file).get(AGENTS));
        assertEquals(
                Optional.of(Duration.ofDays(3)),
                load(Map.of(), environment, file).get(SINCE));
    }

    @Test
    void allFaultsComeInOneGoAndEachNamesItsKey() throws IOException {
        Path file = file("scan.agents = many\nscan.colour = red\n");
        List<String> faults = faults(Map.of("scan.since", "soon"), Map.of("PICKET_SCAN_SPEED", "9"), file);
        assertEquals(5, faults.size(), faults.toString());
        for (String name : List.of("scan.agents", "scan.colour", "scan.since", "PICKET_SCAN_SPEED")) {
            assertTrue(faults.stream().anyMatch(fault -> fault.startsWith(name)), name + " in " + faults);
        }
    }

    @Test
    void partGoesOverTheWholeAndHasNothingThatIsTheWholes() throws IOException {
        Configuration whole = load(Map.of("scan.agents", "3", "scan.since", "1d"), Map.of(), file(""));
        Path path = file("scan.agents = 5\n");
        Configuration part = assertInstanceOf(
                        Configuration.Outcome.Loaded.class,
                        Configuration.loadPart(List.of(AGENTS), List.of(SINCE), path))
                .configuration();
        assertEquals(Optional.of(5), part.over(whole).get(AGENTS));
        assertEquals(Optional.of(Duration.ofDays(1)), part.over(whole).get(SINCE));
        assertEquals(Optional.of(3), whole.get(AGENTS));

        Path wrong = file("scan.agents = 5\nscan.since = 2d\nscan.colour = red\n");
        List<String> faults = assertInstanceOf(
                        Configuration.Outcome.Faulty.class,
                        Configuration.loadPart(List.of(AGENTS), List.of(SINCE), wrong))
                .faults();
        assertEquals(3, faults.size(), faults.toString());
        assertTrue(faults.getFirst().startsWith("scan.since (file " + wrong + "): holds for the whole"));
        assertTrue(faults.get(1).startsWith("scan.colour (file " + wrong + "): there is no such setting"));
    }

    @Test
    void secretIsNotInAMessageEvenWhereItIsWrong() throws IOException {
        List<String> faults = faults(Map.of(), Map.of("PICKET_DATABASE_PASSWORD", "hunter2"), file(""));
        assertEquals(1, faults.size());
        assertFalse(faults.getFirst().contains("hunter2"));
    }

    @Test
    void spanBeyondItsBoundsIsRefused() {
        var between = Readers.span(Duration.ofSeconds(5), Duration.ofMinutes(10));
        assertEquals(Duration.ofSeconds(5), between.apply("5s"));
        assertEquals(Duration.ofMinutes(10), between.apply("10m"));
        for (String beyond : List.of("4s", "11m")) {
            assertEquals(
                    "is not between 5s and 600s",
                    assertThrows(IllegalArgumentException.class, () -> between.apply(beyond))
                            .getMessage());
        }
    }

    @Test
    void spansHaveAUnit() {
        assertEquals(Duration.ofMinutes(20), Readers.span("20m"));
        assertEquals(Duration.ofDays(14), Readers.span("2w"));
        assertThrows(IllegalArgumentException.class, () -> Readers.span("20"));
        assertThrows(IllegalArgumentException.class, () -> Readers.span("0d"));
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("picket.conf"), content);
    }

    private static Configuration load(Map<String, String> flags, Map<String, String> environment, Path file) {
        return assertInstanceOf(Configuration.Outcome.Loaded.class, outcome(flags, environment, file))
                .configuration();
    }

    private static List<String> faults(Map<String, String> flags, Map<String, String> environment, Path file) {
        return assertInstanceOf(Configuration.Outcome.Faulty.class, outcome(flags, environment, file))
                .faults();
    }

    private static Configuration.Outcome outcome(
            Map<String, String> flags, Map<String, String> environment, Path file) {
        return Configuration.load(
                KEYS, new Configuration.Origin(flags, environment, Optional.of(file), List.of("PICKET_HEAP")));
    }
}
