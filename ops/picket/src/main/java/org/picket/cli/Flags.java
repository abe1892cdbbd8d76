package org.picket.cli;

import java.io.File;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.picket.runtime.config.ConfigKey;

/// Flags that give settings. Those of all mixins of a command come together in [CommonOptions#configuration].
abstract class Flags {
    private final Map<String, String> given = new HashMap<>();

    final void give(ConfigKey<?> key, String value) {
        given.put(key.name(), value);
    }

    final void giveFiles(ConfigKey<?> key, List<String> files) {
        give(key, String.join(File.pathSeparator, files));
    }

    /// Values of settings, by name.
    final Map<String, String> given() {
        return Map.copyOf(given);
    }
}
