package org.picket.agent.inference;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.picket.agent.bundle.Bundle;
import org.picket.proto.limit.FixedPoint;
import org.picket.proto.v1.BundleManifest;
import org.picket.proto.v1.BundlePrecision;

/// Runs a bundle's golden views before the first lease: an engine that scores them wrongly must not scan.
public final class GoldenCheck {
    /// What reduced precision may move a score by; providers that compute in it by themselves, and bundles made
    /// in it.
    private static final float REDUCED = 3e-3f;

    private static final float COREML = 1e-2f;

    private GoldenCheck() {}

    /// What came of it.
    public sealed interface Result {
        /// Every score is within tolerance.
        ///
        /// @param maxDelta the largest difference seen
        record Passed(float maxDelta) implements Result {}

        /// A score is beyond tolerance.
        ///
        /// @param view its place among the golden views
        /// @param concept the name of the score
        /// @param delta the difference
        record Failed(int view, String concept, float delta) implements Result {}

        /// A golden view gave no scores at all.
        record Broken(String reason) implements Result {}

        /// For a person.
        default String inWords() {
            return switch (this) {
                case Passed passed -> String.format(Locale.ROOT, "Golden views agree within %.2g.", passed.maxDelta());
                case Failed failed ->
                    "Golden view " + failed.view() + " differs by " + failed.delta() + " in the score "
                            + failed.concept() + ": this machine computes the bundle wrongly and must not scan with it."
                            + " Use another provider, or update the GPU's driver.";
                case Broken broken ->
                    "The golden views could not be scored (" + broken.reason() + "): this machine must not scan with"
                            + " this bundle. Use another provider or another bundle.";
            };
        }
    }

    /// Runs all golden views in batches.
    public static Result run(Engine engine, Bundle bundle) {
        ByteBuffer golden = bundle.golden();
        ByteBuffer input = engine.newInput();
        float maxDelta = 0;
        for (int from = 0; from < bundle.goldenViews(); from += engine.maxBatch()) {
            int count = Math.min(engine.maxBatch(), bundle.goldenViews() - from);
            input.clear().put(golden.slice(from * engine.viewBytes(), count * engine.viewBytes()));
            switch (engine.infer(input, count)) {
                case Inference.Scored scored -> {
                    switch (compare(engine, bundle, scored, from)) {
                        case Result.Passed passed -> maxDelta = Math.max(maxDelta, passed.maxDelta());
                        case Result.Failed failed -> {
                            return failed;
                        }
                        case Result.Broken broken -> {
                            return broken;
                        }
                    }
                }
                case Inference.NotFinite notFinite -> {
                    return new Result.Broken("view " + (from + notFinite.views().getFirst()) + " has no finite score");
                }
                case Inference.Broken broken -> {
                    return new Result.Broken(broken.reason());
                }
            }
        }
        return new Result.Passed(maxDelta);
    }

    private static Result compare(Engine engine, Bundle bundle, Inference.Scored scored, int from) {
        BundleManifest manifest = bundle.manifest();
        float absolute =
                Math.max(manifest.getToleranceAbsolute(), least(engine.choice().provider(), manifest));
        float maxDelta = 0;
        for (int at = 0; at < scored.fixed().length; at++) {
            float reference = manifest.getGoldenScores(from * scored.concepts() + at);
            float delta = Math.abs((float) FixedPoint.toDouble(scored.fixed()[at]) - reference);
            if (delta > absolute + manifest.getToleranceRelative() * Math.abs(reference)) {
                return new Result.Failed(
                        from + at / scored.concepts(), manifest.getConcepts(at % scored.concepts()), delta);
            }
            maxDelta = Math.max(maxDelta, delta);
        }
        return new Result.Passed(maxDelta);
    }

    private static float least(Provider provider, BundleManifest manifest) {
        boolean reduced = manifest.getPrecision() != BundlePrecision.BUNDLE_PRECISION_FP32;
        return switch (provider) {
            case CPU, CUDA -> reduced ? REDUCED : 0;
            case TENSORRT -> REDUCED;
            case COREML -> COREML;
        };
    }
}
