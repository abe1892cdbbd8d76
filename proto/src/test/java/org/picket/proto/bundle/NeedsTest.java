package org.picket.proto.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.picket.proto.v1.BundleNeeds;

class NeedsTest {
    private static final String CPU = "cpu-fp32-ort1.29-amd64";
    private static final String CUDA = "cuda-fp16-ort1.29-amd64";
    private static final OptionalLong UNTOLD = OptionalLong.empty();

    @Test
    void whatAsksForNothingIsMetByAll() {
        Needs nothing = Needs.of(BundleNeeds.getDefaultInstance());
        assertTrue(nothing.none());
        assertEquals(Optional.empty(), nothing.lacking("", UNTOLD));
        assertEquals(Optional.empty(), nothing.lacking(CPU, OptionalLong.of(1)));
    }

    @Test
    void manifestSaysThem() {
        Needs needs = Needs.of(BundleNeeds.newBuilder()
                .setMemoryBytes(4_000)
                .addAllProviders(List.of("cuda", "coreml"))
                .build());
        assertEquals(new Needs(4_000, Set.of("cuda", "coreml")), needs);
        assertFalse(needs.none());
    }

    @Test
    void providerIsOneOfThoseNamed() {
        Needs needs = new Needs(0, Set.of("cuda", "tensorrt"));
        assertEquals(Optional.empty(), needs.lacking(CUDA, UNTOLD));
        assertEquals(Optional.empty(), needs.lacking("tensorrt", UNTOLD), "one word is a class too");
        assertEquals(
                Optional.of("it needs cuda or tensorrt, and this agent computes by cpu"), needs.lacking(CPU, UNTOLD));
        assertTrue(needs.lacking("", UNTOLD).isPresent(), "who says nothing computes by none of them");
        assertTrue(needs.lacking("cudax", UNTOLD).isPresent(), "words count whole");
    }

    @Test
    void memoryIsEnoughOrNotTold() {
        Needs needs = new Needs(4_000_000_000L, Set.of());
        assertEquals(Optional.empty(), needs.lacking(CPU, OptionalLong.of(4_000_000_000L)));
        assertEquals(Optional.empty(), needs.lacking(CPU, UNTOLD), "it does not say");
        assertEquals(
                Optional.of("it needs 4000 MB of memory, and this agent has 3999 MB"),
                needs.lacking(CPU, OptionalLong.of(3_999_999_999L)));
    }

    /// A manifest comes from somebody else.
    @Test
    void moreThanASignedNumberHoldsIsNotLessThanNothing() {
        assertEquals(
                Optional.of("it needs 18446744073709 MB of memory, and this agent has 4000 MB"),
                new Needs(-1, Set.of()).lacking(CPU, OptionalLong.of(4_000_000_000L)));
    }
}
