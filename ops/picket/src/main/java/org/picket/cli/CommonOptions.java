package org.picket.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.picket.runtime.config.Configuration;
import picocli.CommandLine.Option;

/// Flags that most commands take, and the settings that they, the environment and the file come to.
final class CommonOptions {
    private static final String DEFAULT_FILE = "picket.conf";

    private final Map<String, String> flags = new HashMap<>();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "file of settings (default: picket.conf in the user's configuration folder)")
    private Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "where Picket keeps its database and keys")
    private void data(String value) {
        flag(Keys.DATA.name(), value);
    }

    @Option(
            names = "--database-url",
            paramLabel = "URL",
            description = "a PostgreSQL 15 or later of your own, in place of the embedded one")
    private void databaseUrl(String value) {
        flag(Keys.DATABASE_URL.name(), value);
    }

    @Option(
            names = "--database-user",
            paramLabel = "NAME",
            description = "its user; the password comes from PICKET_DATABASE_PASSWORD")
    private void databaseUser(String value) {
        flag(Keys.DATABASE_USER.name(), value);
    }

    @Option(names = "--s3-endpoint", paramLabel = "URL", description = "an S3-compatible server")
    private void endpoint(String value) {
        flag(Keys.S3_ENDPOINT.name(), value);
    }

    @Option(names = "--s3-region", paramLabel = "NAME", description = "its region")
    private void region(String value) {
        flag(Keys.S3_REGION.name(), value);
    }

    @Option(
            names = "--s3-path-style",
            paramLabel = "true|false",
            description = "bucket in the path; default where an endpoint is given")
    private void pathStyle(String value) {
        flag(Keys.S3_PATH_STYLE.name(), value);
    }

    void flag(String name, String value) {
        flags.put(name, value);
    }

    /// The settings, or the end of the command with all that is wrong with them.
    Configuration configuration() {
        Map<String, String> environment = System.getenv();
        Optional<Path> file = Optional.ofNullable(config)
                .or(() -> Optional.ofNullable(environment.get("PICKET_CONFIG")).map(Path::of))
                .or(() -> Optional.of(Folders.configuration().resolve(DEFAULT_FILE))
                        .filter(Files::exists));
        return switch (Configuration.load(
                Keys.ALL, new Configuration.Origin(flags, environment, file, Keys.LAUNCHER_VARIABLES))) {
            case Configuration.Outcome.Loaded loaded -> loaded.configuration();
            case Configuration.Outcome.Faulty faulty ->
                throw new UsageFault("the settings are not in order:\n  " + String.join("\n  ", faulty.faults()));
        };
    }
}
