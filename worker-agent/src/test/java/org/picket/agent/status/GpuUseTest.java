package org.picket.agent.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.picket.agent.inference.NvidiaTool;

class GpuUseTest {
    private static final String TABLE = """
            # gpu         pid   type     sm    mem    enc    dec    jpg    ofa    command
            # Idx           #    C/G      %      %      %      %      %      %    name
                0       1201     G      7      2      -      -      -      -    compositor
                0       4711     C     60     30      -      -      -      -    java
                0       4712   C+G     25     10      -      -      -      -    a game
                1       4713     C     99     10      -      -      -      -    on another card
            """;

    @Test
    void useOfTheCardIsReadOrNotShown() {
        assertEquals(OptionalInt.of(83), GpuUse.read("83\n"));
        assertEquals(OptionalInt.empty(), GpuUse.read("[N/A]\n"));
        assertEquals(OptionalInt.empty(), GpuUse.read("101"));
    }

    @Test
    void othersAreAllButThisProcessOnTheFirstCard() {
        assertEquals(new Others.Used(32), GpuUse.others(new NvidiaTool.Answer.Said(TABLE), 4711));
    }

    @Test
    void whereThisProcessIsNotSeenNothingCanBeTold() {
        assertEquals(OptionalInt.empty(), GpuUse.others(TABLE, 99));
        assertEquals(OptionalInt.empty(), GpuUse.others("    0          -     -      -      -   -\n", 99));
        assertEquals(new Others.Used(40), GpuUse.others(OptionalInt.of(40), true), "all use is that of others");
    }

    @Test
    void pauseBeginsAfterTwoLooksAndEndsAfterThree() {
        BusyGpu busy = new BusyGpu(20);
        assertEquals(Optional.empty(), busy.look(new Others.Used(90)));
        assertTrue(busy.look(new Others.Used(80)).orElseThrow().startsWith("others use 80 % of the graphics card"));
        assertTrue(busy.look(new Others.Unknown("it is silent")).isPresent(), "nothing is known, nothing changes");
        assertTrue(busy.look(new Others.Used(0)).isPresent());
        assertTrue(busy.look(new Others.Used(20)).isPresent());
        assertEquals(Optional.empty(), busy.look(new Others.Used(10)));
        assertEquals(Optional.empty(), busy.look(new Others.Used(90)));
        assertEquals(Optional.empty(), busy.look(new Others.Used(10)));
        assertEquals(Optional.empty(), busy.look(new Others.Used(90)));
    }

    /// Else a limit would do nothing, and nobody would know.
    @Test
    void limitThatCannotBeKeptIsSaidToHaveNoEffectAndWhy() {
        List<Others> unknown = List.of(
                GpuUse.others(new NvidiaTool.Answer.Said(TABLE), 99),
                GpuUse.others(new NvidiaTool.Answer.Silent(), 4711),
                GpuUse.others(new NvidiaTool.Answer.Absent(), 4711),
                GpuUse.others(OptionalInt.empty(), true));
        List<String> reasons =
                List.of("does not list this process", "does not tell which", "no nvidia-smi here", "how busy it is");
        for (int i = 0; i < unknown.size(); i++) {
            BusyGpu busy = new BusyGpu(20);
            busy.look(unknown.get(i));
            assertEquals(Optional.empty(), busy.blind(), "one look may fail");
            busy.look(unknown.get(i));
            String words = busy.blind().orElseThrow();
            assertTrue(words.contains("(agent.gpu-busy) has no effect while the agent computes, because "), words);
            assertTrue(words.contains(reasons.get(i)), words);
            busy.look(new Others.Used(5));
            assertEquals(Optional.empty(), busy.blind());
        }
    }
}
