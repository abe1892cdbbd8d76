package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.agent.inference.Provider;
import org.picket.agent.session.WorkHours;
import org.picket.cli.AgentWish.Wish;
import org.picket.runtime.config.Configuration;

class AgentLeaveTest {
    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    @TempDir
    private Path data;

    @Test
    void wishGoesBeforeHours() {
        WorkHours nights =
                new WorkHours(Optional.of(WorkHours.readHours("22:00-07:00")), WorkHours.readDays("mon-sun"));
        AgentLeave leave = new AgentLeave(nights, ZoneOffset.UTC);
        assertEquals(Optional.of("outside of its hours; goes on in 10 h 0 min"), leave.refusal(NOON));
        assertEquals(Optional.empty(), leave.refusal(NOON.plusSeconds(36_000)));
        leave.busy(Optional.of("others play"));
        assertEquals(Optional.of("others play"), leave.refusal(NOON.plusSeconds(36_000)));
        leave.wanted(Optional.of(Wish.PAUSE));
        assertTrue(leave.refusal(NOON.plusSeconds(36_000)).orElseThrow().contains("agent resume"));
        assertFalse(leave.draining());
        leave.wanted(Optional.of(Wish.DRAIN));
        assertTrue(leave.draining());
    }

    @Test
    void wishIsKeptUntilItIsTakenBack() throws IOException {
        AgentWish wish = new AgentWish(data);
        assertThrows(UsageFault.class, () -> wish.want(Optional.of(Wish.PAUSE)));
        Files.createFile(data.resolve("agent.member"));
        assertEquals(Optional.empty(), wish.read());
        wish.want(Optional.of(Wish.PAUSE));
        assertEquals(Optional.of(Wish.PAUSE), wish.read());
        wish.want(Optional.of(Wish.DRAIN));
        assertEquals(Optional.of(Wish.DRAIN), wish.read());
        wish.want(Optional.empty());
        wish.want(Optional.empty());
        assertEquals(Optional.empty(), wish.read());
        Files.writeString(data.resolve("agent.wish"), "stop it");
        assertEquals(Optional.of(Wish.PAUSE), wish.read());
    }

    @Test
    void allFaultsOfTheLimitsComeTogetherEachWithItsKey() {
        Map<String, String> flags = Map.of(
                "agent.hours", "22-07",
                "agent.days", "monday",
                "agent.bandwidth-down", "50kB",
                "agent.bandwidth-up", "5kB",
                "agent.gpu-memory", "100MB",
                "agent.gpu-busy", "100");
        List<String> faults = switch (Configuration.load(
                Keys.ALL, new Configuration.Origin(flags, Map.of(), Optional.empty(), List.of()))) {
            case Configuration.Outcome.Loaded loaded -> List.of();
            case Configuration.Outcome.Faulty faulty -> faulty.faults();
        };
        assertEquals(6, faults.size(), faults::toString);
        flags.keySet()
                .forEach(key -> assertTrue(
                        faults.stream().anyMatch(fault -> fault.startsWith(key + " (flag): \"")), faults::toString));
    }

    @Test
    void limitsAreReadFromTheSettings() {
        Map<String, String> flags = Map.of(
                "agent.hours", "22:00-07:00",
                "agent.days", "mon-fri",
                "agent.bandwidth-down", "2MB/s",
                "agent.bandwidth-up", "20kB",
                "agent.gpu-memory", "4GB",
                "agent.gpu-busy", "20");
        Configuration read = switch (Configuration.load(
                Keys.ALL, new Configuration.Origin(flags, Map.of(), Optional.empty(), List.of()))) {
            case Configuration.Outcome.Loaded loaded -> loaded.configuration();
            case Configuration.Outcome.Faulty faulty -> throw new AssertionError(faulty.faults());
        };
        assertEquals(Optional.of(2_000_000L), read.get(Keys.AGENT_DOWN));
        AgentBounds bounds = AgentBounds.of(read);
        assertEquals(OptionalLong.of(20_000), bounds.up());
        assertEquals(
                OptionalLong.of(4_000_000_000L), bounds.engine(Optional.empty()).gpuMemory());
        assertEquals(
                List.of(
                        "hours 22:00-07:00",
                        "GPU memory 4.0 GB (no effect: CPU computes, which has no such bound)",
                        "pauses while others use more than 20 % of the GPU (no effect: the agent does not use it)"),
                bounds.words(Provider.CPU));
        assertEquals(5, read.get(Keys.AGENT_DAYS).orElseThrow().size());
    }
}
