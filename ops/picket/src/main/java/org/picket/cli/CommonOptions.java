package org.picket.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.picket.runtime.config.Configuration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Flags that most commands take, and the settings that they, the environment and the file come to.
final class CommonOptions extends Flags {
    private static final String DEFAULT_FILE = "picket.conf";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "file of settings (default: picket.conf in the user's configuration folder)")
    private Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "where Picket keeps its database and keys")
    private void data(String value) {
        give(Keys.DATA, value);
    }

    @Option(
            names = "--database-url",
            paramLabel = "URL",
            description = "a PostgreSQL 15 or later of your own, in place of the embedded one")
    private void databaseUrl(String value) {
        give(Keys.DATABASE_URL, value);
    }

    @Option(
            names = "--database-user",
            paramLabel = "NAME",
            description = "its user; the password comes from PICKET_DATABASE_PASSWORD")
    private void databaseUser(String value) {
        give(Keys.DATABASE_USER, value);
    }

    @Option(names = "--s3-endpoint", paramLabel = "URL", description = "an S3-compatible server")
    private void endpoint(String value) {
        give(Keys.S3_ENDPOINT, value);
    }

    @Option(names = "--s3-region", paramLabel = "NAME", description = "its region")
    private void region(String value) {
        give(Keys.S3_REGION, value);
    }

    @Option(
            names = "--s3-path-style",
            paramLabel = "true|false",
            description = "bucket in the path; default where an endpoint is given")
    private void pathStyle(String value) {
        give(Keys.S3_PATH_STYLE, value);
    }

    /// The settings, or the end of the command with all that is wrong with them.
    Configuration configuration() {
        Map<String, String> flags = new HashMap<>();
        command.mixins().values().forEach(mixin -> {
            if (mixin.userObject() instanceof Flags more) {
                flags.putAll(more.given());
            }
        });
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
