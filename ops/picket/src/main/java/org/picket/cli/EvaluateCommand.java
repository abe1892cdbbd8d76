package org.picket.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.picket.agent.bundle.Bundle;
import org.picket.agent.inference.Engine;
import org.picket.agent.inference.EngineSettings;
import org.picket.agent.inference.EngineStart;
import org.picket.agent.inference.GoldenCheck;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.image.DecoderSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Measures a bundle and a policy on labelled pictures.
@Command(
        name = "evaluate",
        description = {
            "tells how often a bundle and a policy are right, on lawful pictures that you have labelled",
            "labels: a manifest.csv (file,expected and a column of 1 and 0 for each concept, as picket samples writes"
                    + " it), else the names of sub-folders: flagged, cleared, concepts joined by +, none"
        })
final class EvaluateCommand implements Callable<Integer> {
    private static final int BATCH = 16;
    private static final long TOLD_NANOS = Duration.ofSeconds(5).toNanos();

    @Mixin
    private CommonOptions common;

    @Parameters(paramLabel = "DIR", description = "the labelled pictures")
    private Path folder;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Option(names = "--csv", paramLabel = "DIR", description = "writes tables and a picture (SVG) into a folder")
    private Optional<Path> csv = Optional.empty();

    @Option(names = "--policy", paramLabel = "FILE", description = "policy; default: the stand-in's")
    private void policy(String value) {
        common.flag(Keys.POLICY.name(), value);
    }

    @Option(
            names = "--bundle",
            paramLabel = "FILE",
            description = "bundle; default: the stand-in, which is NO detector")
    private void bundle(String value) {
        common.flag(Keys.BUNDLE.name(), value);
    }

    @Option(names = "--provider", paramLabel = "NAME", description = "auto (default), cpu, cuda, tensorrt, coreml")
    private void provider(String value) {
        common.flag(Keys.PROVIDER.name(), value);
    }

    @Option(names = "--decoders", paramLabel = "N", description = "decoder processes; default: one for each core")
    private void decoders(String value) {
        common.flag(Keys.DECODERS.name(), value);
    }

    @Override
    public Integer call() {
        Setting setting = Setting.of(common.configuration());
        Bundle bundle = ScanRun.bundle(setting);
        Policy policy = ScanRun.policy(setting, bundle);
        LabelledFolder labelled = LabelledFolder.read(folder, bundle.concepts());
        List<Judged> judged = judged(setting, bundle, policy, labelled);
        Evaluation evaluation = Evaluation.of(
                judged, labelled.unlabelled(), CompiledPolicy.of(policy, bundle.concepts()), bundle.concepts());
        String title = bundle.manifest().getName() + " " + bundle.manifest().getVersion() + ", policy " + policy.id()
                + " version " + policy.version();
        csv.ifPresent(place -> EvaluationFiles.write(evaluation, title, place));
        System.out.println(
                json
                        ? EvaluationJson.of(evaluation)
                                .put("bundle", bundle.manifest().getName())
                                .put("policyId", policy.id())
                                .toString()
                        : title + "\n" + EvaluationText.of(evaluation));
        csv.ifPresent(place -> System.err.println("picket: tables and a picture are in " + place));
        return evaluation.judged() > 0 ? Exit.COMPLETE : Exit.INCOMPLETE;
    }

    private static List<Judged> judged(Setting setting, Bundle bundle, Policy policy, LabelledFolder labelled) {
        // One thread for each run: as many pictures as there are decoders are under way.
        EngineStart start = Engine.start(bundle, new EngineSettings(setting.provider(), BATCH, 1));
        if (start instanceof EngineStart.Refused refused) {
            throw new UsageFault(refused.inWords());
        }
        DecoderSettings decoding =
                DecoderSettings.defaults(setting.data().resolve("natives")).withChildren(setting.decoders());
        try (Engine engine = start.orThrow();
                DecoderPool decoders = new DecoderPool(decoding)) {
            GoldenCheck.Result golden = GoldenCheck.run(engine, bundle);
            if (!(golden instanceof GoldenCheck.Result.Passed)) {
                throw new UsageFault(golden.inWords());
            }
            EvaluationRun run = new EvaluationRun(
                    decoders,
                    engine,
                    CompiledPolicy.of(policy, bundle.concepts()),
                    bundle.viewSize(),
                    setting.decoders());
            return run.judge(labelled.pictures(), progress(labelled.pictures().size()));
        }
    }

    private static IntConsumer progress(int all) {
        AtomicLong told = new AtomicLong(System.nanoTime());
        return done -> {
            long now = System.nanoTime();
            long last = told.get();
            if (now - last > TOLD_NANOS && told.compareAndSet(last, now)) {
                System.err.println("picket: " + Amounts.count(done) + " of " + Amounts.count(all) + " pictures");
            }
        };
    }
}
