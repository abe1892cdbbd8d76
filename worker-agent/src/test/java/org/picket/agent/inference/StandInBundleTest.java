package org.picket.agent.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.picket.agent.bundle.Bundle;
import org.picket.model.InstantBundle;
import org.picket.model.StandIn;

class StandInBundleTest {
    @Test
    void standInPassesItsGoldenViewsOnTheCpu() {
        Bundle bundle = TestGraphs.bundle(StandIn.file());
        try (Engine engine = Engine.start(bundle, EngineSettings.cpu(1)).orThrow()) {
            GoldenCheck.Result golden = GoldenCheck.run(engine, bundle);
            assertInstanceOf(GoldenCheck.Result.Passed.class, golden, golden::inWords);
        }
        assertEquals(List.of("lighthouse", "snow", "night", "drawing"), bundle.concepts());
        assertTrue(bundle.manifest().getNotice().contains("NOT A DETECTOR"));
        assertTrue(bundle.card().contains("held-out"));
    }

    @Test
    void instantBundleOfTheStandInsSizePassesToo() {
        Bundle bundle = TestGraphs.bundle(InstantBundle.file());
        try (Engine engine = Engine.start(bundle, EngineSettings.cpu(1)).orThrow()) {
            assertInstanceOf(GoldenCheck.Result.Passed.class, GoldenCheck.run(engine, bundle));
        }
        assertEquals(TestGraphs.bundle(StandIn.file()).concepts(), bundle.concepts());
        assertEquals(TestGraphs.bundle(StandIn.file()).viewSize(), bundle.viewSize());
    }
}
