package org.picket.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.picket.agent.bundle.Bundle;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.image.DecoderSettings;
import org.picket.runtime.terminal.Amounts;
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
    private static final long TOLD_NANOS = Duration.ofSeconds(5).toNanos();

    @Mixin
    private CommonOptions common;

    @Mixin
    private SiteOptions site;

    @Mixin
    private BundleOptions bundles;

    @Mixin
    private ProviderOption provider;

    @Parameters(paramLabel = "DIR", description = "the labelled pictures")
    private Path folder;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Option(names = "--csv", paramLabel = "DIR", description = "writes tables and a picture (SVG) into a folder")
    private Optional<Path> csv = Optional.empty();

    @Override
    public Integer call() {
        Setting setting = Setting.of(common.configuration());
        Means means = Means.of(setting);
        Bundle bundle = means.first();
        Policy policy = means.policy();
        LabelledFolder labelled = LabelledFolder.read(folder, bundle.concepts());
        List<Judged> judged = judged(setting, means, labelled);
        Evaluation evaluation = Evaluation.of(
                judged, labelled.unlabelled(), CompiledPolicy.of(policy, bundle.concepts()), bundle.concepts());
        String title = means.all().stream()
                        .map(one ->
                                one.manifest().getName() + " " + one.manifest().getVersion())
                        .collect(Collectors.joining(", "))
                + ", policy " + policy.id()
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

    private static List<Judged> judged(Setting setting, Means means, LabelledFolder labelled) {
        DecoderSettings decoding = setting.decoding();
        try (Judges judges = Judges.of(means.all(), setting.provider());
                DecoderPool decoders = new DecoderPool(decoding)) {
            EvaluationRun run = new EvaluationRun(decoders, judges, means.compiled(), setting.decoders());
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
