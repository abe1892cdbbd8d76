package org.picket.bench.inference;

import ai.onnxruntime.OrtException;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.picket.agent.bundle.Bundle;
import org.picket.agent.inference.Engine;
import org.picket.agent.inference.EngineSettings;
import org.picket.agent.inference.Inference;
import org.picket.agent.inference.Provider;
import org.picket.bench.Bench;
import org.picket.bench.Figure;
import org.picket.bench.Workplace;
import org.picket.model.InstantBundle;
import org.picket.model.StandIn;

/// Views per second through the agent's engine and through a naked loop, by bundle and batch.
public final class InferBench implements Bench {
    private static final int[] BATCHES = {1, 8, 64};
    private static final long SEED = 11;

    @Override
    public void run(Workplace workplace) throws OrtException {
        measure(workplace, "instant", InstantBundle.file());
        measure(workplace, "stand-in", StandIn.file());
    }

    private static void measure(Workplace workplace, String name, byte[] file) throws OrtException {
        Bundle bundle = Bundle.read(name, new ByteArrayInputStream(file)).orThrow();
        int runs = workplace.amount(2, 7);
        double seconds = workplace.brief() ? 0.4 : 2;
        EngineSettings settings = new EngineSettings(Optional.of(Provider.CPU), BATCHES[BATCHES.length - 1], 0);
        try (Engine engine = Engine.start(bundle, settings).orThrow();
                NakedLoop naked = new NakedLoop(bundle)) {
            ByteBuffer views = noise(engine.newInput());
            for (int batch : BATCHES) {
                List<Double> own = new ArrayList<>();
                List<Double> bare = new ArrayList<>();
                engine(engine, views, batch, seconds / 2);
                naked.run(views, batch, seconds / 2);
                for (int run = 0; run < runs; run++) {
                    bare.add(naked.run(views, batch, seconds));
                    own.add(engine(engine, views, batch, seconds));
                }
                List<String> conditions =
                        List.of("bundle=" + name, "batch=" + batch, "provider=" + engine.providerClass());
                new Figure("infer.naked", "views/s", bare, conditions).print();
                new Figure("infer.engine", "views/s", own, conditions).print();
                new Figure("infer.engine_to_naked", "ratio", Figure.ratios(own, bare), conditions).print();
            }
        }
    }

    private static ByteBuffer noise(ByteBuffer views) {
        byte[] bytes = new byte[views.capacity()];
        new Random(SEED).nextBytes(bytes);
        return views.put(0, bytes);
    }

    private static double engine(Engine engine, ByteBuffer views, int batch, double seconds) {
        long nanos = (long) (seconds * 1e9);
        long begin = System.nanoTime();
        long done = 0;
        while (System.nanoTime() - begin < nanos) {
            if (!(engine.infer(views, batch) instanceof Inference.Scored)) {
                throw new IllegalStateException("the engine gave no scores");
            }
            done += batch;
        }
        return done / ((System.nanoTime() - begin) / 1e9);
    }
}
