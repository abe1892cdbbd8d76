package org.picket.cli;

import java.io.File;
import java.util.List;
import java.util.concurrent.Callable;
import org.picket.runtime.config.Configuration;
import org.picket.runtime.lifecycle.Interruption;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.time.TimeSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// A crawler of a collective, beside its storage.
@Command(
        name = "crawler",
        description = "a crawler of a collective, beside its storage: join once, then run",
        subcommands = {JoinCommand.OfCrawler.class, CrawlerCommand.Run.class})
final class CrawlerCommand {
    private CrawlerCommand() {}

    /// Scans again and again, until it is interrupted.
    @Command(
            name = "run",
            description = "lists a storage, serves its views to agents and carries out orders, until it is interrupted")
    static final class Run implements Callable<Integer> {
        @Mixin
        private CommonOptions common;

        @Option(
                names = "--storage",
                required = true,
                paramLabel = "SOURCE",
                description = "a folder, or s3://bucket/prefix; one crawler process serves one storage")
        private String source;

        @Option(names = "--once", description = "ends when the scan is over, with the exit status of 'picket scan'")
        private boolean once;

        @Option(names = "--json", description = "each scan ends with a line that is one JSON object")
        private boolean json;

        @Option(
                names = "--mode",
                paramLabel = "observe|quarantine|delete",
                description =
                        "default: observe. quarantine can be undone; delete PURGES ON ONE RULING AND CANNOT BE UNDONE")
        private void mode(String value) {
            common.flag(Keys.MODE.name(), value);
        }

        @Option(names = "--policy", paramLabel = "FILE", description = "policy; default: the stand-in's")
        private void policy(String value) {
            common.flag(Keys.POLICY.name(), value);
        }

        @Option(
                names = "--bundle",
                paramLabel = "FILE",
                description = "bundle that agents are to run; default: the stand-in, which is NO detector")
        private void bundle(String value) {
            common.flag(Keys.BUNDLE.name(), value);
        }

        @Option(
                names = "--further-bundle",
                paramLabel = "FILE",
                description = "a bundle that the policy asks, by its name; may be given several times")
        private void furtherBundles(List<String> values) {
            common.flag(Keys.FURTHER_BUNDLES.name(), String.join(File.pathSeparator, values));
        }

        @Option(
                names = "--since",
                paramLabel = "SPAN",
                description = "only objects modified within this span, say 36h or 7d")
        private void since(String value) {
            common.flag(Keys.SINCE.name(), value);
        }

        @Option(names = "--every", paramLabel = "SPAN", description = "pause between scans; default: 1h")
        private void every(String value) {
            common.flag(Keys.CRAWLER_EVERY.name(), value);
        }

        @Option(names = "--decoders", paramLabel = "N", description = "decoder processes; default: one for each core")
        private void decoders(String value) {
            common.flag(Keys.DECODERS.name(), value);
        }

        @Option(
                names = "--listen",
                paramLabel = "HOST:PORT",
                description = "where agents open views; default: 127.0.0.1, any free port")
        private void listen(String value) {
            common.flag(Keys.CRAWLER_LISTEN.name(), value);
        }

        @Option(
                names = "--address",
                paramLabel = "HOST:PORT",
                description = "where agents reach it; default: where it listens")
        private void address(String value) {
            common.flag(Keys.CRAWLER_ADDRESS.name(), value);
        }

        @Option(
                names = "--metrics",
                paramLabel = "ADDRESS",
                description = "answers Prometheus at /metrics there, say 127.0.0.1:9464; default: nothing listens")
        private void metrics(String value) {
            common.flag(Keys.METRICS.name(), value);
        }

        @Override
        public Integer call() throws InterruptedException {
            Configuration configuration = common.configuration();
            Setting setting = Setting.of(configuration);
            OpenStorage.check(source, setting);
            RemoteScan.Asked asked = RemoteScan.Asked.of(configuration, source, once, json);
            Lifecycle process = new Lifecycle("the crawler", TimeSource.system());
            RemoteScan scan = new RemoteScan(setting, asked, process);
            try (Interruption interruption = Interruption.listen(() -> {
                scan.stop();
                process.drain();
            })) {
                int status;
                try (process) {
                    status = scan.run(Watching.start(configuration, process));
                }
                interruption.endWith(status);
                return status;
            }
        }
    }
}
