package org.picket.cli;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.picket.agent.bundle.Bundle;
import org.picket.agent.inference.Engine;
import org.picket.agent.inference.EngineSettings;
import org.picket.agent.inference.EngineStart;
import org.picket.agent.inference.GoldenCheck;
import org.picket.agent.inference.Inference;
import org.picket.agent.inference.Provider;
import org.picket.coordinator.ruling.ViewScores;
import org.picket.crawler.image.View;

/// The engines of an evaluation, whose golden views agree: that of the first bundle, then those of further ones.
/// Safe for any number of threads, each with buffers of its own.
final class Judges implements AutoCloseable {
    private static final int BATCH = 16;

    private final List<Engine> engines = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();

    private Judges() {}

    /// @throws UsageFault where a bundle cannot or must not be run
    static Judges of(List<Bundle> bundles, Optional<Provider> provider) {
        Judges judges = new Judges();
        try {
            bundles.forEach(bundle -> judges.add(bundle, provider));
            return judges;
        } catch (RuntimeException e) {
            judges.close();
            throw e;
        }
    }

    private void add(Bundle bundle, Optional<Provider> provider) {
        // One thread for each run: as many pictures as there are decoders are under way.
        EngineStart start = Engine.start(bundle, new EngineSettings(provider, BATCH, 1));
        if (start instanceof EngineStart.Refused refused) {
            throw new UsageFault(refused.inWords());
        }
        Engine engine = start.orThrow();
        engines.add(engine);
        sizes.add(bundle.viewSize());
        GoldenCheck.Result golden = GoldenCheck.run(engine, bundle);
        if (!(golden instanceof GoldenCheck.Result.Passed)) {
            throw new UsageFault(golden.inWords());
        }
    }

    /// Side of a view of a bundle, in pixels.
    ///
    /// @param bundle 0: the first one
    int viewSize(int bundle) {
        return sizes.get(bundle);
    }

    /// Buffers for one thread, one for each bundle.
    List<ByteBuffer> inputs() {
        return engines.stream().map(Engine::newInput).toList();
    }

    /// Scores of a picture's views; empty where a score is no number.
    Optional<ViewScores> score(int bundle, List<View> views, List<ByteBuffer> inputs) {
        Engine engine = engines.get(bundle);
        ByteBuffer input = inputs.get(bundle);
        int concepts = engine.concepts();
        short[] scores = new short[views.size() * concepts];
        for (int from = 0; from < views.size(); from += engine.maxBatch()) {
            int count = Math.min(engine.maxBatch(), views.size() - from);
            input.clear();
            views.subList(from, from + count).forEach(view -> input.put(view.pixels()));
            switch (engine.infer(input, count)) {
                case Inference.Scored scored ->
                    System.arraycopy(scored.fixed(), 0, scores, from * concepts, count * concepts);
                case Inference.NotFinite _ -> {
                    return Optional.empty();
                }
                case Inference.Broken broken ->
                    throw new UsageFault("the bundle cannot be run here: " + broken.reason());
            }
        }
        return Optional.of(new ViewScores(scores, 0, views.size(), concepts));
    }

    @Override
    public void close() {
        engines.forEach(Engine::close);
    }
}
