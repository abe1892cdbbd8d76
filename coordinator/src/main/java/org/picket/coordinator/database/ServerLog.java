package org.picket.coordinator.database;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The server's own log: one file a weekday below `data/log`, each overwritten after a week.
///
/// Statements, parameters and the details of errors are left out: they would hold keys and hashes of objects.
final class ServerLog {
    private static final String FOLDER = "log";

    private ServerLog() {}

    static List<String> settings() {
        return List.of(
                "logging_collector=on",
                "log_directory=" + FOLDER,
                "log_filename=server-%a.log",
                "log_rotation_age=1d",
                "log_rotation_size=0",
                "log_truncate_on_rotation=on",
                "log_timezone=UTC",
                "log_min_messages=warning",
                "log_min_error_statement=panic",
                "log_error_verbosity=terse",
                "log_parameter_max_length_on_error=0",
                "log_checkpoints=off",
                "log_autovacuum_min_duration=-1");
    }

    /// The end of the newest file.
    static String tail(Path data) {
        File[] files = data.resolve(FOLDER).toFile().listFiles((folder, name) -> name.endsWith(".log"));
        if (files == null) {
            return "";
        }
        return Arrays.stream(files)
                .max(Comparator.comparingLong(File::lastModified))
                .map(file -> ServerProgram.tail(file.toPath()))
                .orElse("");
    }
}
