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

class AgentScreenTest {
    private static final AgentScreen.Around AROUND = new AgentScreen.Around(
            "agent 2 for picket.example.org:7443",
            Duration.ofSeconds(65),
            OptionalInt.empty(),
            OptionalLong.of(2_000_000),
            Optional.of("the coordinator is away"));

    private static AgentStatus status(int leases) {
        return new AgentStatus(
                new AgentStatus.Flow(312.4, 12_345, 1_900_000, 1_858_000_000),
                new AgentStatus.Counts(64, 61, 1, 0, 2, 3, 12_300),
                Collections.nCopies(leases, new AgentStatus.LeaseStatus(4_294_967_297L, 128, 512, 64)),
                Optional.of("ALL_LEASED"),
                new AgentStatus.EngineStatus(
                        "CPU", List.of("stand-in: Golden views agree."), List.of("CUDA: no driver was found.")));
    }

    @Test
    void everythingHasItsUnitAndItsReason() {
        assertEquals(
                List.of(
                        "agent 2 for picket.example.org:7443 · up 1 min 5 s · CPU",
                        "312 views/s · 1.9 MB/s in of at most 2.0 MB/s · GPU use not measured",
                        "since the start: 12,345 views scored, 1.9 GB in, 64 leases",
                        "verified work: 12,300 views in 61 accepted verdicts · 1 late · 0 rejected"
                                + " · leases 2 lost, 3 given back",
                        "own check: stand-in: Golden views agree.",
                        "! downgrade: CUDA: no driver was found.",
                        "1 lease under way",
                        "  shard 4294967297  [#####---------------] 128 of 512 objects scored, 64 views wait",
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
        List<String> lines = AgentScreen.lines(status(19), AROUND, 100, 15);
        assertTrue(lines.contains("  … and 14 more"), lines::toString);
        assertTrue(lines.contains("! the coordinator is away"), lines::toString);
    }

    @Test
    void useOfTheGraphicsCardIsReadOrNotShown() {
        assertEquals(OptionalInt.of(83), GpuUse.read("83\n"));
        assertEquals(OptionalInt.empty(), GpuUse.read("[N/A]\n"));
        assertEquals(OptionalInt.empty(), GpuUse.read("101"));
    }
}
