package org.picket.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Where things go on this platform where nobody says otherwise.
final class Folders {
    private Folders() {}

    /// Database and keys.
    static Path data() {
        return switch (Platform.current()) {
            case WINDOWS ->
                variable("LOCALAPPDATA")
                        .orElseGet(() -> home("AppData", "Local"))
                        .resolve("Picket");
            case MAC -> home("Library", "Application Support", "Picket");
            case OTHER ->
                variable("XDG_DATA_HOME")
                        .orElseGet(() -> home(".local", "share"))
                        .resolve("picket");
        };
    }

    /// Settings.
    static Path configuration() {
        return switch (Platform.current()) {
            case WINDOWS ->
                variable("APPDATA").orElseGet(() -> home("AppData", "Roaming")).resolve("Picket");
            case MAC -> home("Library", "Application Support", "Picket");
            case OTHER ->
                variable("XDG_CONFIG_HOME").orElseGet(() -> home(".config")).resolve("picket");
        };
    }

    private static Path home(String first, String... more) {
        return variable("HOME")
                .orElseGet(() -> Path.of(System.getProperty("user.home")))
                .resolve(Path.of(first, more));
    }

    private static Optional<Path> variable(String name) {
        return Optional.ofNullable(System.getenv(name))
                .filter(value -> !value.isBlank())
                .map(Path::of)
                .filter(Path::isAbsolute);
    }

    private enum Platform {
        WINDOWS,
        MAC,
        OTHER;

        static Platform current() {
            String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
            if (name.startsWith("windows")) {
                return WINDOWS;
            }
            return name.startsWith("mac") ? MAC : OTHER;
        }
    }
}
