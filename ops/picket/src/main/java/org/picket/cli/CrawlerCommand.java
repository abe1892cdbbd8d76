package org.picket.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.picket.proto.v1.Role;
import org.picket.runtime.config.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// A crawler of a collective, beside its storages.
@Command(
        name = "crawler",
        description = "a crawler of a collective, beside its storages: join once, then run",
        subcommands = {
            JoinCommand.class,
            CrawlerCommand.Run.class,
            SiteSwitch.Pause.class,
            SiteSwitch.Resume.class,
            SiteSwitch.StopRemovals.class,
            SiteSwitch.AllowRemovals.class
        })
final class CrawlerCommand implements JoinCommand.Member {
    private CrawlerCommand() {}

    @Override
    public Role role() {
        return Role.CRAWLER;
    }

    /// Scans again and again, until it is interrupted.
    @Command(
            name = "run",
            description =
                    "lists storages, serves their views to agents and carries out orders, until it is interrupted")
    static final class Run implements Callable<Integer> {
        @Mixin
        private CommonOptions common;

        @Mixin
        private ScanOptions scan;

        @Mixin
        private SiteOptions site;

        @Mixin
        private LimitOptions limits;

        @Mixin
        private MetricsOption metrics;

        @Mixin
        private CoordinatorsOption coordinators;

        @Option(
                names = "--storage",
                paramLabel = "SOURCE",
                description = "a folder, or s3://bucket/prefix; may be given several times, up to 64 storages in all")
        private List<String> sources = new ArrayList<>();

        @Option(
                names = "--storage-file",
                paramLabel = "FILE",
                description =
                        "settings of a storage of its own: crawler.storage = SOURCE, and what differs from the others"
                                + " (mode, policy, bundle, circle, bounds and the like); may be given several times")
        private void storageFiles(List<String> values) {
            common.giveFiles(Keys.STORAGE_FILES, values);
        }

        @Option(
                names = "--once",
                description = "ends when each storage was scanned once, with the exit status of 'picket scan'")
        private boolean once;

        @Option(names = "--json", description = "each scan ends with a line that is one JSON object")
        private boolean json;

        @Option(
                names = "--bundle",
                paramLabel = "FILE",
                description = "bundle that agents are to run; default: the stand-in, which is NO detector")
        private void bundle(String value) {
            common.give(Keys.BUNDLE, value);
        }

        @Option(
                names = "--further-bundle",
                paramLabel = "FILE",
                description = "a bundle that the policy asks, by its name; may be given several times")
        private void furtherBundles(List<String> values) {
            common.giveFiles(Keys.FURTHER_BUNDLES, values);
        }

        @Option(names = "--every", paramLabel = "SPAN", description = "pause between scans; default: 1h")
        private void every(String value) {
            common.give(Keys.CRAWLER_EVERY, value);
        }

        @Option(
                names = "--circle",
                paramLabel = "WHO,WHO",
                description =
                        "whose agents may see the pictures: own, operator:NAME, region:NAME or agent:KEY-ID, or everyone"
                                + " alone; default: the one that its invite named, else everyone; a storage that has a"
                                + " circle must be given one")
        private void circle(String value) {
            common.give(Keys.CRAWLER_CIRCLE, value);
        }

        @Option(
                names = "--heed-administrators",
                description =
                        "carries out what an administrator of the site orders though the mode forbids it: in observe all,"
                                + " in quarantine purges. Off by default: the coordinator alone vouches for the person")
        private void heedAdministrators(boolean value) {
            if (value) {
                common.give(Keys.CRAWLER_HEEDS, "true");
            }
        }

        @Option(
                names = "--listen",
                paramLabel = "HOST:PORT",
                description = "where agents open views directly; default with --views direct: 127.0.0.1, any port")
        private void listen(String value) {
            common.give(Keys.CRAWLER_LISTEN, value);
        }

        @Option(
                names = "--views",
                paramLabel = "auto|direct|relay",
                description =
                        "how views reach agents. auto (default): over the coordinator, sealed so that it cannot read"
                                + " them, and directly too where --listen is given")
        private void views(String value) {
            common.give(Keys.CRAWLER_VIEWS, value);
        }

        @Option(
                names = "--address",
                paramLabel = "HOST:PORT",
                description = "where agents reach it; default: where it listens")
        private void address(String value) {
            common.give(Keys.CRAWLER_ADDRESS, value);
        }

        @Option(
                names = "--send-bandwidth",
                paramLabel = "RATE",
                description = "bytes of views sent to agents within a second, on average, say 2MB; default: no bound")
        private void sendBandwidth(String value) {
            common.give(Keys.CRAWLER_SEND, value);
        }

        @Override
        public Integer call() throws InterruptedException {
            Configuration configuration = common.configuration();
            FaultList faults = new FaultList();
            Optional<CrawlerWays> ways = faults.taken(() -> CrawlerWays.of(configuration));
            Optional<Setting> setting = faults.taken(() -> Setting.of(configuration));
            List<AskedStorage> storages = AskedStorages.of(configuration, sources, once, faults);
            faults.orThrow();
            CrawlerRun run = new CrawlerRun(
                    setting.orElseThrow(),
                    ways.orElseThrow(),
                    storages,
                    new Premises.Manner(storages.size(), once, json));
            return RoleProcess.run(
                    "the crawler", run::stop, (parts, _) -> run.run(parts, Watching.start(configuration, parts)));
        }
    }
}
