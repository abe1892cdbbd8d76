package org.picket.agent.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class EngineSettingsTest {
    private static EngineSettings bounded(OptionalLong gpuMemory) {
        return new EngineSettings(Optional.empty(), 8, 1, gpuMemory);
    }

    @Test
    void boundOfTheCardsMemoryIsToldToTheRuntime() {
        assertEquals(
                Map.of(
                        "use_tf32", "0",
                        "gpu_mem_limit", "4000000000",
                        "arena_extend_strategy", "kSameAsRequested"),
                bounded(OptionalLong.of(4_000_000_000L)).cuda());
    }

    @Test
    void withoutABoundNoneIsTold() {
        assertEquals(Map.of("use_tf32", "0"), bounded(OptionalLong.empty()).cuda());
        assertEquals(
                OptionalLong.empty(), bounded(OptionalLong.empty()).sharedBy(4).gpuMemory());
    }

    @Test
    void enginesTogetherKeepTheBound() {
        assertEquals(
                "1000000000",
                bounded(OptionalLong.of(4_000_000_000L)).sharedBy(4).cuda().get("gpu_mem_limit"));
    }
}
