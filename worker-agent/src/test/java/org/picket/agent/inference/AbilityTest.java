package org.picket.agent.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.picket.proto.v1.BundleNeeds;

class AbilityTest {
    private static final Ability SMALL = new Ability(Provider.CPU, OptionalLong.of(1_000_000_000));

    private static BundleNeeds needs(long memory, String... providers) {
        return BundleNeeds.newBuilder()
                .setMemoryBytes(memory)
                .addAllProviders(java.util.List.of(providers))
                .build();
    }

    @Test
    void smallMachineLacksTheMemoryOfALargeBundle() {
        String why = SMALL.lacking(needs(2_000_000_000)).orElseThrow();
        assertTrue(why.startsWith("it needs 2") && why.contains("of memory, and this agent has 1"), why);
        assertTrue(SMALL.lacking(needs(-1)).isPresent(), "beyond what a long holds");
        assertEquals(Optional.empty(), SMALL.lacking(needs(1_000_000_000)));
        assertEquals(Optional.empty(), SMALL.lacking(BundleNeeds.getDefaultInstance()));
    }

    @Test
    void oneOfTheProvidersIsEnough() {
        assertTrue(SMALL.lacking(needs(0, "cuda", "tensorrt"))
                .orElseThrow()
                .contains("it needs cuda or tensorrt, and this agent computes by cpu"));
        assertEquals(Optional.empty(), SMALL.lacking(needs(0, "cuda", "cpu")));
    }

    @Test
    void whereNobodyTellsTheMemoryItIsTried() {
        assertEquals(Optional.empty(), new Ability(Provider.CUDA, OptionalLong.empty()).lacking(needs(1L << 50)));
    }
}
