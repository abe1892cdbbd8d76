package org.picket.agent.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.picket.agent.intake.Route;

class AgentScreenTest {
    private static final AgentScreen.Around AROUND = new AgentScreen.Around(
            "agent 2 for picket.example.org:7443",
            Duration.ofSeconds(65),
            OptionalInt.empty(),
            new AgentScreen.Bounds(OptionalLong.of(2_000_000), OptionalLong.empty()),
            List.of("hours 22:00-07:00", "GPU memory 4.0 GB"),
            Optional.of("the coordinator is away"));

    private static AgentStatus status(int leases) {
        return new AgentStatus(
                new AgentStatus.Flow(
                        312.4,
                        12_345,
                        new AgentStatus.Bytes(1_900_000, 1_858_000_000),
                        new AgentStatus.Bytes(12_000, 3_000_000)),
                new AgentStatus.Counts(64, 61, 1, 0, 2, 3, 12_300),
                Collections.nCopies(
                        leases, new AgentStatus.LeaseStatus(4_294_967_297L, 128, 512, 64, Optional.of(Route.RELAY))),
                Optional.of("ALL_LEASED"),
                new AgentStatus.EngineStatus("CPU", List.of("stand-in: Golden views agree.")),
                List.of("CUDA: no driver was found."));
    }

    @Test
    void everythingHasItsUnitAndItsReason() {
        assertEquals(
                List.of(
                        "agent 2 for picket.example.org:7443 · up 1 min 5 s · CPU",
                        "312 views/s · 1.9 MB/s in of at most 2.0 MB/s · 12.0 kB/s out · GPU use not measured",
                        "since the start: 12,345 views scored, 1.9 GB in, 3.0 MB out, 64 leases",
                        "verified work: 12,300 views in 61 accepted verdicts · 1 late · 0 rejected"
                                + " · leases 2 lost, 3 given back",
                        "limits: hours 22:00-07:00 · GPU memory 4.0 GB",
                        "own check: stand-in: Golden views agree.",
                        "! downgrade: CUDA: no driver was found.",
                        "1 lease under way",
                        "  shard 4294967297  [#####---------------] 128 of 512 objects scored, 64 views wait, relay",
                        "! the coordinator is away",
                        "no further lease: ALL_LEASED"),
                AgentScreen.lines(status(1), AROUND, 120, 40));
    }

    @Test
    void screenIsNeverLargerThanTheTerminal() {
        for (int rows = 1; rows < 30; rows++) {
            List<String> lines = AgentScreen.lines(status(19), AROUND, 40, rows);
            assertTrue(lines.size() <= rows, "rows " + rows);
            assertTrue(lines.stream().allMatch(line -> line.length() <= 40), "rows " + rows);
        }
        List<String> lines = AgentScreen.lines(status(19), AROUND, 100, 16);
        assertTrue(lines.contains("  … and 14 more"), lines::toString);
        assertTrue(lines.contains("! the coordinator is away"), lines::toString);
    }

    /// What a coordinator gives as its reason is text of somebody else's making.
    @Test
    void reasonsOfOthersDrawNoLinesOfTheirOwn() {
        AgentScreen.Around forged = new AgentScreen.Around(
                "agent 2",
                Duration.ZERO,
                OptionalInt.empty(),
                new AgentScreen.Bounds(OptionalLong.empty(), OptionalLong.empty()),
                List.of(),
                Optional.of("away\n0 late \u001b[31m"));
        List<String> lines = AgentScreen.lines(status(0), forged, 200, 50);
        assertTrue(lines.contains("! away?0 late ?[31m"), lines::toString);
    }
}
