package org.picket.coordinator.ruling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.picket.proto.v1.BundleNeeds;

class NeedsTest {
    private static final String CPU = "cpu-fp32-ort1.29-amd64";
    private static final String CUDA = "cuda-fp16-ort1.29-amd64";

    @Test
    void whatAsksForNothingIsMetByAll() {
        assertTrue(Needs.of(BundleNeeds.getDefaultInstance()).none());
        assertEquals(Optional.empty(), new Needs(0, Set.of()).lacking("", 0));
    }

    @Test
    void providerIsOneOfThoseNamed() {
        Needs needs = new Needs(0, Set.of("cuda", "tensorrt"));
        assertEquals(Optional.empty(), needs.lacking(CUDA, 0));
        assertEquals(Optional.of("it needs cuda or tensorrt, and this agent computes by cpu"), needs.lacking(CPU, 0));
        assertTrue(needs.lacking("", 0).isPresent(), "who says nothing computes by none of them");
    }

    @Test
    void memoryIsEnoughOrNotTold() {
        Needs needs = new Needs(4_000_000_000L, Set.of());
        assertEquals(Optional.empty(), needs.lacking(CPU, 4_000_000_000L));
        assertEquals(Optional.empty(), needs.lacking(CPU, 0), "it does not say");
        assertEquals(
                Optional.of("it needs 4000 MB of memory, and this agent has 3999 MB"),
                needs.lacking(CPU, 3_999_999_999L));
    }
}
