package org.picket.runtime.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;

/// Settings from flags, the environment and one file, in that order of precedence; read and checked all at
/// once, at the start. The file has the format of Java properties: `name = value`, a `#` before a comment.
///
/// Immutable.
public final class Configuration {
    private static final String PREFIX = "PICKET_";

    private final Map<ConfigKey<?>, Object> values;

    private Configuration(Map<ConfigKey<?>, Object> values) {
        this.values = values;
    }

    /// What reading came to.
    public sealed interface Outcome {
        /// All is in order.
        record Loaded(Configuration configuration) implements Outcome {}

        /// All that is wrong, one sentence each, naming its key.
        record Faulty(List<String> faults) implements Outcome {}
    }

    /// Where settings come from.
    ///
    /// @param flags by name of the setting
    /// @param environment as the process has it
    /// @param file where there is one
    /// @param ignored names of variables that begin with `PICKET_` but are no settings
    public record Origin(
            Map<String, String> flags, Map<String, String> environment, Optional<Path> file, List<String> ignored) {}

    /// Reads and checks.
    public static Outcome load(List<ConfigKey<?>> keys, Origin origin) {
        List<String> faults = new ArrayList<>();
        return load(keys, origin, readFile(origin.file(), faults), faults);
    }

    /// Reads and checks a file for a part of what the others are for: no flag and no variable counts for it.
    ///
    /// @param keys that it may have
    /// @param whole that it may not have, since there is one value for all parts
    public static Outcome loadPart(List<ConfigKey<?>> keys, List<ConfigKey<?>> whole, Path path) {
        List<String> faults = new ArrayList<>();
        Origin origin = new Origin(Map.of(), Map.of(), Optional.of(path), List.of());
        Properties file = readFile(origin.file(), faults);
        for (ConfigKey<?> key : whole) {
            if (file.containsKey(key.name())) {
                faults.add(key.name() + " (file " + path
                        + "): holds for the whole process, and not for a part; set it in the process's own settings");
                file.remove(key.name());
            }
        }
        return load(keys, origin, file, faults);
    }

    private static Outcome load(List<ConfigKey<?>> keys, Origin origin, Properties file, List<String> faults) {
        Map<ConfigKey<?>, Object> values = new LinkedHashMap<>();
        for (ConfigKey<?> key : keys) {
            text(key, origin, file).ifPresent(found -> {
                try {
                    values.put(key, key.reader().apply(found.text()));
                } catch (IllegalArgumentException e) {
                    String shown = key.secret() ? "" : " \"" + found.text() + "\"";
                    faults.add(key.name() + " (" + found.from() + "):" + shown + " " + e.getMessage());
                }
            });
        }
        unknown(keys, origin, file, faults);
        return faults.isEmpty()
                ? new Outcome.Loaded(new Configuration(Map.copyOf(values)))
                : new Outcome.Faulty(List.copyOf(faults));
    }

    /// The value of a setting, where one was given.
    @SuppressWarnings("unchecked")
    public <T> Optional<T> get(ConfigKey<T> key) {
        return Optional.ofNullable((T) values.get(key));
    }

    /// These settings, and others where these say nothing.
    public Configuration over(Configuration others) {
        Map<ConfigKey<?>, Object> all = new LinkedHashMap<>(others.values);
        all.putAll(values);
        return new Configuration(Map.copyOf(all));
    }

    private record Found(String text, String from) {}

    private static Optional<Found> text(ConfigKey<?> key, Origin origin, Properties file) {
        if (origin.flags().containsKey(key.name())) {
            return Optional.of(new Found(origin.flags().get(key.name()), "flag"));
        }
        String variable = origin.environment().get(key.variable());
        if (variable != null && !variable.isEmpty()) {
            return Optional.of(new Found(variable, "environment variable " + key.variable()));
        }
        return Optional.ofNullable(file.getProperty(key.name()))
                .map(text -> new Found(
                        text.strip(),
                        "file " + origin.file().map(Path::toString).orElse("")));
    }

    private static Properties readFile(Optional<Path> path, List<String> faults) {
        Properties file = new Properties();
        if (path.isPresent()) {
            try (Reader reader = Files.newBufferedReader(path.get(), StandardCharsets.UTF_8)) {
                file.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                faults.add("file " + path.get() + ": cannot be read (" + e.getMessage() + ")");
            }
        }
        return file;
    }

    private static void unknown(List<ConfigKey<?>> keys, Origin origin, Properties file, List<String> faults) {
        TreeSet<String> names = new TreeSet<>(keys.stream().map(ConfigKey::name).toList());
        TreeSet<String> variables =
                new TreeSet<>(keys.stream().map(ConfigKey::variable).toList());
        boolean unknown = false;
        for (String name : new TreeSet<>(file.stringPropertyNames())) {
            if (!names.contains(name)) {
                faults.add(name + " (file " + origin.file().map(Path::toString).orElse("")
                        + "): there is no such setting");
                unknown = true;
            }
        }
        for (String name : new TreeSet<>(origin.environment().keySet())) {
            if (name.startsWith(PREFIX)
                    && !variables.contains(name)
                    && !origin.ignored().contains(name)) {
                faults.add(name + " (environment): there is no such setting");
                unknown = true;
            }
        }
        if (unknown) {
            faults.add("there are, in a file or as variables PICKET_…: " + String.join(", ", names));
        }
    }
}
