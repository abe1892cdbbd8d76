package org.picket.agent.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.picket.agent.bundle.Bundle;
import org.picket.model.InstantBundle;
import org.picket.model.graph.Graph;
import org.picket.proto.limit.FixedPoint;

class EngineTest {
    private static final Bundle INSTANT = TestGraphs.bundle(InstantBundle.file(16, List.of("red", "blue")));

    @Test
    void scoresComeOutInFixedPointViewByView() {
        try (Engine engine = Engine.start(INSTANT, EngineSettings.cpu(1)).orThrow()) {
            ByteBuffer input = engine.newInput();
            input.put(0, (byte) 255).put(3, (byte) 16);
            input.put(engine.viewBytes(), (byte) 1).put(engine.viewBytes() + 3, (byte) 0);
            Inference.Scored scored = assertInstanceOf(Inference.Scored.class, engine.infer(input, 2));
            assertArrayEquals(new short[] {255 * 16, 16 * 16, 16, 0}, scored.fixed());
            assertEquals(16 * 16, scored.at(0, 1));
        }
    }

    @Test
    void bufferMayBeWrittenAgainBetweenRuns() {
        try (Engine engine = Engine.start(INSTANT, EngineSettings.cpu(1)).orThrow()) {
            ByteBuffer input = engine.newInput();
            for (int value = 0; value < 256; value++) {
                input.put(0, (byte) value);
                Inference.Scored scored = assertInstanceOf(Inference.Scored.class, engine.infer(input, 1));
                assertEquals(value * 16, scored.at(0, 0));
            }
        }
    }

    @Test
    void severalThreadsMayInferAtOnce() throws Exception {
        try (Engine engine = Engine.start(INSTANT, EngineSettings.cpu(1)).orThrow();
                ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Future<Inference>> runs = IntStream.range(0, 64)
                    .mapToObj(value -> pool.submit(() -> {
                        ByteBuffer input = engine.newInput();
                        input.put(0, (byte) value);
                        return engine.infer(input, 3);
                    }))
                    .toList();
            for (int value = 0; value < runs.size(); value++) {
                Inference.Scored scored =
                        assertInstanceOf(Inference.Scored.class, runs.get(value).get());
                assertEquals(value * 16, scored.at(0, 0));
            }
        }
    }

    @Test
    void scoreThatIsNoNumberIsNeverAScore() {
        // The logarithm of red minus 1: not a number where red is 0, minus infinity where it is 1, finite above.
        Bundle bundle = TestGraphs.ofFirstRed(
                0, (graph, red) -> graph.apply("Log", graph.apply("Sub", red, graph.constant(new float[] {1}, 1))));
        try (Engine engine = Engine.start(bundle, EngineSettings.cpu(1)).orThrow()) {
            ByteBuffer input = engine.newInput();
            input.put(engine.viewBytes(), (byte) 2).put(2 * engine.viewBytes(), (byte) 1);
            assertEquals(new Inference.NotFinite(List.of(0, 2)), engine.infer(input, 3));
            GoldenCheck.Result golden = GoldenCheck.run(engine, bundle);
            assertInstanceOf(GoldenCheck.Result.Broken.class, golden);
            assertTrue(golden.inWords().contains("must not scan"));
        }
    }

    @Test
    void scoresBeyondTheRangeAreClamped() {
        Bundle bundle = TestGraphs.ofFirstRed(
                -128, (graph, red) -> graph.apply("Sub", red, graph.constant(new float[] {128}, 1)));
        try (Engine engine = Engine.start(bundle, EngineSettings.cpu(1)).orThrow()) {
            ByteBuffer input = engine.newInput();
            input.put(engine.viewBytes(), (byte) 255).put(2 * engine.viewBytes(), (byte) 129);
            Inference.Scored scored = assertInstanceOf(Inference.Scored.class, engine.infer(input, 3));
            assertArrayEquals(new short[] {Short.MIN_VALUE, Short.MAX_VALUE, FixedPoint.ONE}, scored.fixed());
        }
    }

    @Test
    void batchBeyondTheSettingIsRefused() {
        EngineSettings settings = new EngineSettings(Optional.of(Provider.CPU), 2, 1);
        try (Engine engine = Engine.start(INSTANT, settings).orThrow()) {
            ByteBuffer input = engine.newInput();
            assertThrows(IllegalArgumentException.class, () -> engine.infer(input, 3));
            assertThrows(IllegalArgumentException.class, () -> engine.infer(input, 0));
            ByteBuffer heap = ByteBuffer.allocate(engine.viewBytes());
            assertThrows(IllegalArgumentException.class, () -> engine.infer(heap, 1));
        }
    }

    @Test
    void graphThatDoesNotFitItsManifestIsRefused() {
        Graph twoScores = Graph.ofViews("test", TestGraphs.SIZE);
        byte[] graph = twoScores.scores(
                twoScores.flatten(twoScores.castToFloat(twoScores.apply(
                        "Slice",
                        "views",
                        twoScores.integers(0, 0, 0),
                        twoScores.integers(1, 1, 2),
                        twoScores.integers(1, 2, 3)))),
                2);
        EngineStart start = Engine.start(TestGraphs.ofGraph(0, graph), EngineSettings.cpu(1));
        String words = assertInstanceOf(EngineStart.Refused.class, start).inWords();
        assertTrue(words.contains("scores must be float [N, 1]"), words);
    }

    @Test
    void bytesThatAreNoGraphAreRefused() {
        // A model of a version and nothing else: a message of the format, and no graph.
        EngineStart start = Engine.start(TestGraphs.ofGraph(0, new byte[] {8, 8}), EngineSettings.cpu(1));
        String words = assertInstanceOf(EngineStart.Refused.class, start).inWords();
        assertTrue(words.contains("cannot be loaded"), words);
    }

    @Test
    void wantedGpuThatCannotBeHadFallsBackAndSaysWhy() {
        EngineSettings settings = new EngineSettings(Optional.of(Provider.TENSORRT), 8, 1);
        try (Engine engine = Engine.start(INSTANT, settings).orThrow()) {
            assertInstanceOf(GoldenCheck.Result.Passed.class, GoldenCheck.run(engine, INSTANT));
            boolean fell = engine.choice().provider() == Provider.CPU;
            assertEquals(fell ? 1 : 0, engine.choice().reasons().size());
            assertTrue(
                    engine.providerClass().startsWith(engine.choice().provider().word() + "-fp32-ort1."));
        }
    }

    @Test
    void automaticChoiceAlwaysComputes() {
        try (Engine engine = Engine.start(INSTANT, EngineSettings.automatic()).orThrow()) {
            GoldenCheck.Result golden = GoldenCheck.run(engine, INSTANT);
            assertInstanceOf(GoldenCheck.Result.Passed.class, golden, golden::inWords);
        }
    }

    @Test
    void wrongGoldenScoreFailsTheCheckAndNamesIt() {
        Bundle bundle = TestGraphs.ofFirstRed(0.001f, (graph, red) -> red);
        try (Engine engine = Engine.start(bundle, EngineSettings.cpu(1)).orThrow()) {
            GoldenCheck.Result.Failed failed =
                    assertInstanceOf(GoldenCheck.Result.Failed.class, GoldenCheck.run(engine, bundle));
            assertEquals(0, failed.view());
            assertEquals("red", failed.concept());
            assertEquals(0.001f, failed.delta());
        }
    }

    @Test
    void goldenViewsAreCheckedInBatchesToo() {
        EngineSettings settings = new EngineSettings(Optional.of(Provider.CPU), 2, 1);
        try (Engine engine = Engine.start(INSTANT, settings).orThrow()) {
            assertInstanceOf(GoldenCheck.Result.Passed.class, GoldenCheck.run(engine, INSTANT));
        }
    }

    @Test
    void fixedPointRoundsToTheNearest() {
        assertEquals(FixedPoint.ONE, FixedPoint.of(1f));
        assertEquals(8192, FixedPoint.of(0.5f));
        assertEquals(0, FixedPoint.of(0.49f / FixedPoint.ONE));
        assertEquals(1, FixedPoint.of(0.5f / FixedPoint.ONE));
        assertEquals(-1, FixedPoint.of(-0.51f / FixedPoint.ONE));
        assertEquals(Short.MAX_VALUE, FixedPoint.of(3e30f));
        assertThrows(IllegalArgumentException.class, () -> FixedPoint.of(Float.NaN));
    }
}
