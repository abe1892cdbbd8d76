package org.picket.cli;

import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.picket.agent.bundle.Bundle;
import org.picket.agent.inference.Engine;
import org.picket.agent.inference.EngineSettings;
import org.picket.agent.inference.EngineStart;
import org.picket.agent.inference.GoldenCheck;
import org.picket.proto.v1.BundleManifest;
import org.picket.proto.v1.BundleSource;
import org.picket.runtime.terminal.Amounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Builds bundles and looks at them.
@Command(
        name = "bundle",
        description = "builds bundles and looks at them",
        subcommands = {BundleBuildCommand.class, BundleCommand.Inspect.class, BundleCommand.Verify.class})
final class BundleCommand {
    BundleCommand() {}

    /// Opens a bundle, or ends the command.
    static Bundle open(Path file) {
        return switch (Bundle.open(file)) {
            case org.picket.agent.bundle.BundleOpening.Opened opened -> opened.bundle();
            case org.picket.agent.bundle.BundleOpening.Refused refused ->
                throw new UsageFault(refused.fault().inWords());
        };
    }

    /// How far apart, at most, one score is on two golden views; and how far off they may be.
    record Telling(float spread, float tolerance) {
        static Telling of(BundleManifest manifest) {
            int concepts = manifest.getConceptsCount();
            float spread = 0;
            for (int concept = 0; concept < concepts; concept++) {
                DoubleSummaryStatistics of = new DoubleSummaryStatistics();
                for (int at = concept; at < manifest.getGoldenScoresCount(); at += concepts) {
                    of.accept(manifest.getGoldenScores(at));
                }
                spread = Math.max(spread, (float) (of.getMax() - of.getMin()));
            }
            return new Telling(spread, manifest.getToleranceAbsolute());
        }

        /// Whether they tell an engine that computes from one that always says the same.
        boolean enough() {
            return spread > 4 * tolerance;
        }

        String inWords() {
            String words =
                    String.format(Locale.ROOT, "up to %.2g apart in one score; %.2g off is allowed", spread, tolerance);
            return enough()
                    ? words
                    : words + ". WARNING: an engine that computes wrongly may pass them; try the bundle on pictures of"
                            + " yours (picket evaluate)";
        }
    }

    /// Tells what a bundle is.
    @Command(name = "inspect", description = "shows name, concepts, digests, sources, notice and card")
    static final class Inspect implements Callable<Integer> {
        @Parameters(paramLabel = "FILE")
        private Path file;

        @Option(names = "--json", description = "one JSON object")
        private boolean json;

        @Override
        public Integer call() {
            Bundle bundle = open(file);
            BundleManifest manifest = bundle.manifest();
            String digest = HexFormat.of().formatHex(bundle.digest());
            Telling golden = Telling.of(manifest);
            if (json) {
                System.out.println(new Json()
                        .put("name", manifest.getName())
                        .put("version", manifest.getVersion())
                        .put("digest", digest)
                        .put("viewSizePixels", bundle.viewSize())
                        .put("concepts", String.join(",", bundle.concepts()))
                        .put("modelBytes", manifest.getModel().getBytes())
                        .put("goldenViews", bundle.goldenViews())
                        .put("goldenSpread", golden.spread(), 6)
                        .put("tolerance", golden.tolerance(), 6)
                        .put(
                                "sources",
                                manifest.getSourcesList().stream()
                                        .map(source -> new Json()
                                                .put("name", source.getName())
                                                .put("sha256", hex(source)))
                                        .toList())
                        .put("notice", manifest.getNotice()));
            } else {
                System.out.println(manifest.getName() + " " + manifest.getVersion());
                System.out.println("digest    " + digest);
                System.out.println("views     " + bundle.viewSize() + " x " + bundle.viewSize() + " pixels");
                System.out.println("concepts  " + String.join(", ", bundle.concepts()));
                System.out.println(
                        "model     " + Amounts.bytes(manifest.getModel().getBytes()));
                System.out.println("golden    " + bundle.goldenViews() + " views, " + golden.inWords());
                manifest.getSourcesList()
                        .forEach(source ->
                                System.out.println("made of   " + hex(source) + " " + Shown.text(source.getName())));
                System.out.println("notice    " + Shown.text(manifest.getNotice()));
                System.out.println();
                System.out.println(Shown.text(bundle.card()));
            }
            return Exit.COMPLETE;
        }

        private static String hex(BundleSource source) {
            return HexFormat.of().formatHex(source.getSha256().toByteArray());
        }
    }

    /// Runs a bundle's golden views.
    @Command(name = "verify", description = "checks the digests and runs the golden views on this machine")
    static final class Verify implements Callable<Integer> {
        @Parameters(paramLabel = "FILE")
        private Path file;

        @Option(names = "--json", description = "one JSON object")
        private boolean json;

        @Override
        public Integer call() {
            Bundle bundle = open(file);
            EngineStart start = Engine.start(bundle, EngineSettings.automatic());
            if (start instanceof EngineStart.Refused refused) {
                throw new UsageFault(refused.inWords());
            }
            try (Engine engine = start.orThrow()) {
                GoldenCheck.Result result = GoldenCheck.run(engine, bundle);
                boolean passed = result instanceof GoldenCheck.Result.Passed;
                Telling golden = Telling.of(bundle.manifest());
                if (json) {
                    System.out.println(new Json()
                            .put("digest", HexFormat.of().formatHex(bundle.digest()))
                            .put("provider", engine.providerClass())
                            .put("passed", passed)
                            .put("result", result.inWords())
                            .put("goldenSpread", golden.spread(), 6)
                            .put("tolerance", golden.tolerance(), 6));
                } else {
                    System.out.println("provider  " + engine.providerClass());
                    System.out.println("golden    " + result.inWords());
                    System.out.println("          Their scores are " + golden.inWords() + ".");
                }
                return passed ? Exit.COMPLETE : Exit.INCOMPLETE;
            }
        }
    }
}
