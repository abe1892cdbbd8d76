package org.picket.cli;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.picket.agent.bundle.Bundle;
import org.picket.agent.inference.Engine;
import org.picket.agent.inference.EngineSettings;
import org.picket.agent.inference.EngineStart;
import org.picket.agent.inference.GoldenCheck;
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

    /// Tells what a bundle is.
    @Command(name = "inspect", description = "shows name, concepts, digests, notice and card")
    static final class Inspect implements Callable<Integer> {
        @Parameters(paramLabel = "FILE")
        private Path file;

        @Option(names = "--json", description = "one JSON object")
        private boolean json;

        @Override
        public Integer call() {
            Bundle bundle = open(file);
            String digest = HexFormat.of().formatHex(bundle.digest());
            if (json) {
                System.out.println(new Json()
                        .put("name", bundle.manifest().getName())
                        .put("version", bundle.manifest().getVersion())
                        .put("digest", digest)
                        .put("viewSizePixels", bundle.viewSize())
                        .put("concepts", String.join(",", bundle.concepts()))
                        .put("notice", bundle.manifest().getNotice()));
            } else {
                System.out.println(
                        bundle.manifest().getName() + " " + bundle.manifest().getVersion());
                System.out.println("digest    " + digest);
                System.out.println("views     " + bundle.viewSize() + " x " + bundle.viewSize() + " pixels");
                System.out.println("concepts  " + String.join(", ", bundle.concepts()));
                System.out.println("notice    " + bundle.manifest().getNotice());
                System.out.println();
                System.out.println(bundle.card());
            }
            return Exit.COMPLETE;
        }
    }

    /// Runs a bundle's golden views.
    @Command(name = "verify", description = "checks the digests and runs the golden views on this machine")
    static final class Verify implements Callable<Integer> {
        @Parameters(paramLabel = "FILE")
        private Path file;

        @Override
        public Integer call() {
            Bundle bundle = open(file);
            EngineStart start = Engine.start(bundle, EngineSettings.automatic());
            if (start instanceof EngineStart.Refused refused) {
                throw new UsageFault(refused.inWords());
            }
            try (Engine engine = start.orThrow()) {
                System.out.println("provider  " + engine.providerClass());
                GoldenCheck.Result result = GoldenCheck.run(engine, bundle);
                System.out.println("golden    " + result.inWords());
                return result instanceof GoldenCheck.Result.Passed ? Exit.COMPLETE : Exit.INCOMPLETE;
            }
        }
    }
}
