package org.picket.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.picket.crawler.image.DecoderPool;
import org.picket.proto.v1.ScanProgress;
import org.picket.runtime.config.Configuration;
import org.picket.runtime.lifecycle.Interruption;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Scans storages.
@Command(name = "scan", description = "scans folders and buckets, and does about what it finds what --mode says")
final class ScanCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Mixin
    private ScanOptions scan;

    @Mixin
    private SiteOptions site;

    @Mixin
    private LimitOptions limits;

    @Mixin
    private BundleOptions bundles;

    @Mixin
    private ProviderOption provider;

    @Mixin
    private MetricsOption metrics;

    @Parameters(arity = "1..*", paramLabel = "SOURCE", description = "a folder, or s3://bucket/prefix")
    private List<String> sources = new ArrayList<>();

    @Option(names = "--json", description = "the last line of the output is one JSON object")
    private boolean json;

    @Option(names = "--agents", paramLabel = "N", description = "agents in this process; default 1")
    private void agents(String value) {
        common.give(Keys.AGENTS, value);
    }

    @Override
    public Integer call() {
        Configuration configuration = common.configuration();
        ScanMode mode = configuration.get(Keys.MODE).orElse(ScanMode.OBSERVE);
        Setting setting = Setting.of(configuration);
        FaultList faults = new FaultList();
        sources.forEach(source -> faults.taken(() -> OpenStorage.checked(source, setting)));
        Optional<Means> means = faults.taken(() -> Means.of(setting));
        faults.orThrow();
        Lifecycle process = new Lifecycle("the scan", TimeSource.system());
        try (Interruption interruption = Interruption.listen(process::drain)) {
            int status;
            try {
                status = scanAll(new Order(configuration, setting, mode, means.orElseThrow()), process, interruption);
            } catch (RuntimeException e) {
                if (!interruption.came()) {
                    throw e;
                }
                status = Exit.INCOMPLETE;
            }
            if (interruption.came() && status != Exit.COMPLETE) {
                System.err.println("picket: interrupted. The same command again goes on from here.");
            }
            interruption.endWith(status);
            return status;
        }
    }

    /// What is to be done, once nothing is wrong with it.
    private record Order(Configuration configuration, Setting setting, ScanMode mode, Means means) {}

    private int scanAll(Order order, Lifecycle process, Interruption interruption) {
        Setting setting = order.setting();
        List<ScanOutcome> outcomes = new ArrayList<>();
        try (process) {
            Meters meters = Watching.start(order.configuration(), process);
            DecoderPool decoders = Solo.decoders(setting, process);
            decoders.meters(meters);
            Solo solo = Solo.open(setting, process, meters);
            process.ready();
            Scanner scanner = (source, goOn) ->
                    solo.scan(source, setting, order.mode(), new ScanRun.Tools(order.means(), decoders), goOn);
            for (String source : sources) {
                if (!interruption.came()) {
                    outcomes.add(scan(scanner, source, interruption));
                }
            }
        }
        boolean complete =
                outcomes.size() == sources.size() && outcomes.stream().allMatch(ScanOutcome::complete);
        return complete ? Exit.COMPLETE : Exit.INCOMPLETE;
    }

    /// Scans one storage.
    private interface Scanner {
        ScanOutcome scan(String source, Predicate<ScanProgress> goOn);
    }

    private ScanOutcome scan(Scanner scanner, String source, Interruption interruption) {
        ProgressDisplay display = new ProgressDisplay(ProgressLine.ofProcess(), System.nanoTime());
        ScanOutcome outcome;
        try {
            outcome = scanner.scan(source, progress -> {
                display.show(progress, System.nanoTime());
                return !interruption.came();
            });
        } finally {
            display.finish();
        }
        System.out.println(json ? outcome.json().toString() : outcome.text());
        if (!outcome.complete()) {
            System.err.println("picket: incomplete: " + String.join("; ", outcome.left())
                    + ". The same command again goes on from here.");
        }
        return outcome;
    }
}
