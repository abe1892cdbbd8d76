package org.picket.agent.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

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
        assertEquals(OptionalInt.of(32), GpuUse.others(TABLE, 4711));
    }

    @Test
    void whereThisProcessIsNotSeenNothingCanBeTold() {
        assertEquals(OptionalInt.empty(), GpuUse.others(TABLE, 99));
        assertEquals(OptionalInt.empty(), GpuUse.others("    0          -     -      -      -   -\n", 99));
        assertEquals(OptionalInt.of(40), GpuUse.others(OptionalInt.of(40), true), "all use is that of others");
    }

    @Test
    void pauseBeginsAfterTwoLooksAndEndsAfterThree() {
        BusyGpu busy = new BusyGpu(20);
        assertEquals(Optional.empty(), busy.look(OptionalInt.of(90)));
        assertTrue(busy.look(OptionalInt.of(80)).orElseThrow().startsWith("others use 80 % of the graphics card"));
        assertTrue(busy.look(OptionalInt.empty()).isPresent(), "nothing is known, nothing changes");
        assertTrue(busy.look(OptionalInt.of(0)).isPresent());
        assertTrue(busy.look(OptionalInt.of(20)).isPresent());
        assertEquals(Optional.empty(), busy.look(OptionalInt.of(10)));
        assertEquals(Optional.empty(), busy.look(OptionalInt.of(90)));
        assertEquals(Optional.empty(), busy.look(OptionalInt.of(10)));
        assertEquals(Optional.empty(), busy.look(OptionalInt.of(90)));
    }
}
