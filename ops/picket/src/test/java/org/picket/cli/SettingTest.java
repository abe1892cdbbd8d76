package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.agent.inference.Provider;
import org.picket.coordinator.database.DatabaseSettings;
import org.picket.coordinator.lease.LeaseSettings;
import org.picket.coordinator.relay.RelaySettings;
import org.picket.crawler.order.SitePolicy;
import org.picket.crawler.source.S3Settings;
import org.picket.crawler.supply.SiteLimits;
import org.picket.runtime.config.ConfigKey;
import org.picket.runtime.config.Configuration;
import picocli.CommandLine;

class SettingTest {
    @Test
    void defaultsAreTheSafeOnes() {
        Configuration nothing = configuration(Map.of());
        Setting setting = Setting.of(nothing);
        assertEquals(Folders.data(), setting.data());
        assertEquals(
                setting.data().resolve("database"),
                assertInstanceOf(DatabaseSettings.Embedded.class, setting.database())
                        .dir());
        assertEquals(Optional.empty(), nothing.get(Keys.MODE));
        assertEquals(Optional.empty(), setting.policy());
        assertEquals(new Setting.Bundles(Optional.empty(), List.of()), setting.bundles());
        assertEquals(Optional.empty(), setting.since());
        assertEquals(1, setting.agents());
        assertEquals(Runtime.getRuntime().availableProcessors(), setting.decoders());
        assertEquals(Optional.empty(), setting.provider());
        assertEquals(new Setting.S3(Optional.empty(), Optional.empty(), false), setting.s3());
        assertEquals(CrawlerBounds.NONE, setting.site());
        assertEquals(SiteLimits.NONE, setting.site().limits());
        assertEquals(S3Settings.DEFAULT, setting.site().calls(S3Settings.DEFAULT));
        SitePolicy policy = SitePolicy.ofPersonHere();
        assertEquals(
                List.of(1_000, 100_000),
                List.of(
                        OpenStorage.Bounds.ofCollective(policy, setting.site(), 1)
                                .purgesPerHour(),
                        OpenStorage.Bounds.ofPersonHere(policy, setting.site()).purgesPerHour()));
    }

    @Test
    void whatASiteBearsIsReadFromFlagsAndReachesItsPlace() {
        CrawlerBounds site = Setting.of(flags(
                        new CrawlerCommand.Run(),
                        "--storage=/s",
                        "--calls-per-second=20",
                        "--read-bandwidth=5MB",
                        "--send-bandwidth=200kB/s",
                        "--purges-per-hour=7"))
                .site();
        SiteLimits limits = site.limits();
        assertEquals(new SiteLimits(OptionalLong.of(20), OptionalLong.of(5_000_000), OptionalLong.of(200_000)), limits);
        assertEquals(OptionalLong.empty(), limits.withinProcess().sendBytesPerSecond());
        assertEquals(limits.readBytesPerSecond(), limits.withinProcess().readBytesPerSecond());
        assertEquals(20, site.calls(S3Settings.DEFAULT).callsPerSecond());
        SitePolicy policy = SitePolicy.ofPersonHere();
        assertEquals(7, OpenStorage.Bounds.ofCollective(policy, site, 1).purgesPerHour());
        assertEquals(7, OpenStorage.Bounds.ofPersonHere(policy, site).purgesPerHour());
    }

    @Test
    void boundsThatAreNoneAreRefusedEachByItsName() {
        Map<String, String> wrong = Map.of(
                "crawler.calls-per-second", "0",
                "crawler.read-bandwidth", "599kB",
                "crawler.send-bandwidth", "2",
                "crawler.purges-per-hour", "100001");
        List<String> faults = assertInstanceOf(
                        Configuration.Outcome.Faulty.class,
                        Configuration.load(
                                Keys.ALL, new Configuration.Origin(wrong, Map.of(), Optional.empty(), List.of())))
                .faults();
        assertEquals(4, faults.size(), faults::toString);
        wrong.keySet()
                .forEach(name ->
                        assertTrue(faults.stream().anyMatch(fault -> fault.startsWith(name + " (")), faults::toString));
    }

    @Test
    void everySettingReachesItsPlace() {
        Configuration all = configuration(Map.ofEntries(
                Map.entry("data.dir", "/somewhere"),
                Map.entry("scan.mode", "delete"),
                Map.entry("scan.policy", "/policy"),
                Map.entry("scan.bundle", "/bundle"),
                Map.entry("scan.further-bundles", "/tagger" + File.pathSeparator + "/other"),
                Map.entry("scan.since", "36h"),
                Map.entry("scan.agents", "3"),
                Map.entry("agent.provider", "cuda"),
                Map.entry("crawler.decoders", "5"),
                Map.entry("s3.endpoint", "https://s3.example.org:9000"),
                Map.entry("s3.region", "eu-1"),
                Map.entry("s3.path-style", "false"),
                Map.entry("database.url", "jdbc:postgresql://localhost:5432/picket"),
                Map.entry("database.user", "picket"),
                Map.entry("database.password", "secret")));
        Setting setting = Setting.of(all);
        assertEquals(Optional.of(ScanMode.DELETE), all.get(Keys.MODE));
        assertEquals(Path.of("/somewhere"), setting.data());
        assertEquals(Optional.of(new PolicyChoice.OfFile(Path.of("/policy"))), setting.policy());
        assertEquals(
                new Setting.Bundles(Optional.of(Path.of("/bundle")), List.of(Path.of("/tagger"), Path.of("/other"))),
                setting.bundles());
        assertEquals(Optional.of(Duration.ofHours(36)), setting.since());
        assertEquals(3, setting.agents());
        assertEquals(5, setting.decoders());
        assertEquals(Optional.of(Provider.CUDA), setting.provider());
        assertEquals(
                new Setting.S3(Optional.of(URI.create("https://s3.example.org:9000")), Optional.of("eu-1"), false),
                setting.s3());
        assertEquals(
                new DatabaseSettings.External("jdbc:postgresql://localhost:5432/picket", "picket", "secret"),
                setting.database());
    }

    @Test
    void programsOfSeveralDataFoldersLieInOnePlaceThatNobodyElseWritesTo(@TempDir Path folder) throws IOException {
        Path programs = folder.resolve("programs");
        Setting setting =
                Setting.of(configuration(Map.of("programs.dir", programs.toString(), "data.dir", "/somewhere")));
        assertEquals(programs.resolve("natives"), setting.natives());
        assertEquals(new DatabaseSettings.Embedded(Path.of("/somewhere/database"), programs, 128), setting.database());
        Files.setPosixFilePermissions(programs, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertTrue(assertThrows(
                        UsageFault.class, () -> Setting.of(configuration(Map.of("programs.dir", programs.toString()))))
                .getMessage()
                .contains("others may write to it"));
    }

    @Test
    void boundsOfTheRelayAreRead() {
        Configuration told = configuration(Map.of(
                "relay.site-bytes",
                "2TB",
                "relay.agent-bytes",
                "500MB",
                "relay.streams",
                "0",
                "crawler.views",
                "relay"));
        assertEquals(Optional.of(2_000_000_000_000L), told.get(Keys.RELAY_SITE_BYTES));
        assertEquals(Optional.of(500_000_000L), told.get(Keys.RELAY_AGENT_BYTES));
        assertEquals(Optional.of(0), told.get(Keys.RELAY_STREAMS));
        assertEquals(Optional.of(ViewsWay.RELAY), told.get(Keys.CRAWLER_VIEWS));
        RelaySettings usual = RelaySettings.STANDARD;
        assertEquals(
                List.of(256L, 100_000_000_000L, 100_000_000_000L),
                List.of((long) usual.streams(), usual.siteBytes(), usual.agentBytes()));
    }

    @Test
    void lifeOfLeasesIsRead() {
        assertEquals(
                Optional.of(Duration.ofSeconds(10)),
                configuration(Map.of("lease.ttl", "10s")).get(Keys.LEASE_TTL));
        LeaseSettings usual = LeaseSettings.STANDARD;
        assertEquals(usual, usual.with(Duration.ofSeconds(60)));
    }

    @Test
    void serverOfOnesOwnIsReachedWithTheBucketInThePath() {
        assertTrue(Setting.of(configuration(Map.of("s3.endpoint", "http://127.0.0.1:9000")))
                .s3()
                .pathStyle());
    }

    @Test
    void everySettingHasAMeaningAndItsOwnVariable() {
        List<String> variables = Keys.ALL.stream().map(ConfigKey::variable).toList();
        assertEquals(variables.size(), variables.stream().distinct().count());
        Keys.ALL.forEach(key -> assertTrue(key.meaning().length() > 3, key.name()));
    }

    private static Configuration flags(Object command, String... words) {
        CommandLine line = new CommandLine(command);
        line.parseArgs(words);
        Map<String, String> given = new HashMap<>();
        line.getCommandSpec().mixins().values().forEach(mixin -> {
            if (mixin.userObject() instanceof Flags flags) {
                given.putAll(flags.given());
            }
        });
        return configuration(given);
    }

    static Configuration configuration(Map<String, String> flags) {
        return assertInstanceOf(
                        Configuration.Outcome.Loaded.class,
                        Configuration.load(
                                Keys.ALL, new Configuration.Origin(flags, Map.of(), Optional.empty(), List.of())))
                .configuration();
    }
}
