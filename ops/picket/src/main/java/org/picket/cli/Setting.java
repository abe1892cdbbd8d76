package org.picket.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.picket.agent.inference.Provider;
import org.picket.coordinator.database.DatabaseSettings;
import org.picket.crawler.image.DecoderSettings;
import org.picket.runtime.channel.Addresses;
import org.picket.runtime.config.Configuration;

/// What one run of the command works with, from its settings.
///
/// @param data folder of database, keys and journals
/// @param natives folder of the decoders' unpacked libraries
/// @param policy that rules; empty: the stand-in's
/// @param bundles that score
/// @param since only objects modified within this span; empty: all
/// @param agents in this process
/// @param decoders child processes
/// @param provider what infers; empty: the fastest that works
/// @param site what its storage and line are to bear
/// @param coordinators of the collective; empty: those that the invite named
record Setting(
        Path data,
        Path natives,
        DatabaseSettings database,
        Optional<PolicyChoice> policy,
        Bundles bundles,
        Optional<Duration> since,
        int agents,
        int decoders,
        Optional<Provider> provider,
        S3 s3,
        CrawlerBounds site,
        Optional<Addresses> coordinators) {
    private static final String DATABASE = "database";

    /// How to reach an S3-compatible server; empty parts are left to the standard AWS settings.
    record S3(Optional<URI> endpoint, Optional<String> region, boolean pathStyle) {}

    /// Files of bundles.
    ///
    /// @param first scores every object; empty: the stand-in
    /// @param further score what the policy asks them for
    record Bundles(Optional<Path> first, List<Path> further) {
        Bundles {
            further = List.copyOf(further);
        }
    }

    static Setting of(Configuration configuration) {
        Path data = configuration.get(Keys.DATA).orElseGet(Folders::data);
        Optional<Path> programs = configuration.get(Keys.PROGRAMS).map(OwnerOnly::programs);
        Optional<URI> endpoint = configuration.get(Keys.S3_ENDPOINT);
        return new Setting(
                data,
                natives(programs.orElse(data)),
                database(configuration, data.resolve(DATABASE), programs),
                configuration.get(Keys.POLICY),
                new Bundles(
                        configuration.get(Keys.BUNDLE),
                        configuration.get(Keys.FURTHER_BUNDLES).orElse(List.of())),
                configuration.get(Keys.SINCE),
                configuration.get(Keys.AGENTS).orElse(1),
                configuration.get(Keys.DECODERS).orElse(cores()),
                configuration.get(Keys.PROVIDER).flatMap(Setting::provider),
                new S3(
                        endpoint,
                        configuration.get(Keys.S3_REGION),
                        // Servers of one's own seldom have a name for each bucket.
                        configuration.get(Keys.S3_PATH_STYLE).orElse(endpoint.isPresent())),
                CrawlerBounds.of(configuration),
                configuration.get(Keys.MEMBER_COORDINATORS));
    }

    /// Everything at its default, in a folder of its own.
    static Setting forSelftest(Path data) {
        return new Setting(
                data,
                natives(data),
                new DatabaseSettings.Embedded(data.resolve(DATABASE)),
                Optional.empty(),
                new Bundles(Optional.empty(), List.of()),
                Optional.empty(),
                1,
                cores(),
                Optional.empty(),
                new S3(Optional.empty(), Optional.empty(), false),
                CrawlerBounds.NONE,
                Optional.empty());
    }

    private static DatabaseSettings database(Configuration configuration, Path dir, Optional<Path> programs) {
        return configuration
                .get(Keys.DATABASE_URL)
                .<DatabaseSettings>map(url -> new DatabaseSettings.External(
                        url,
                        configuration.get(Keys.DATABASE_USER).orElse(System.getProperty("user.name")),
                        configuration.get(Keys.DATABASE_PASSWORD).orElse("")))
                .orElseGet(() -> new DatabaseSettings.Embedded(
                        dir, programs.orElse(dir), DatabaseSettings.Embedded.DEFAULT_SHARED_BUFFERS_MEBIBYTES));
    }

    /// Bounds of decoding, and from where its processes start.
    DecoderSettings decoding() {
        return DecoderSettings.defaults(natives).withChildren(decoders).withClasses(decoderClasses());
    }

    /// Where the launcher keeps the classes of decoder processes; empty: it keeps none.
    static Optional<Path> decoderClasses() {
        return Optional.ofNullable(System.getProperty("picket.decoder.classes")).map(Path::of);
    }

    private static Path natives(Path programs) {
        return programs.resolve("natives");
    }

    private static Optional<Provider> provider(String name) {
        return "auto".equals(name) ? Optional.empty() : Optional.of(Provider.valueOf(name.toUpperCase(Locale.ROOT)));
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }
}
