package org.picket.runtime.config;

import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/// One setting: its name in the file, from which the name of its environment variable follows, what it means,
/// and how its text is read.
///
/// @param name dotted lower-case words, as in `data.dir`; the environment variable is `PICKET_DATA_DIR`
/// @param meaning one line for people, with the unit
/// @param secret never printed, nor part of any message
/// @param reader turns the text into the value, or throws [IllegalArgumentException] saying what would be right
/// @param <T> type of the value
public record ConfigKey<T>(String name, String meaning, boolean secret, Function<String, T> reader) {
    public ConfigKey {
        Objects.requireNonNull(meaning);
        Objects.requireNonNull(reader);
        if (!name.matches("[a-z0-9]+([.-][a-z0-9]+)*")) {
            throw new IllegalArgumentException("not a name of a setting: " + name);
        }
    }

    /// A setting that may be printed.
    public static <T> ConfigKey<T> of(String name, String meaning, Function<String, T> reader) {
        return new ConfigKey<>(name, meaning, false, reader);
    }

    /// A setting that is never printed.
    public static <T> ConfigKey<T> secret(String name, String meaning, Function<String, T> reader) {
        return new ConfigKey<>(name, meaning, true, reader);
    }

    /// The name of the environment variable.
    public String variable() {
        return "PICKET_" + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
