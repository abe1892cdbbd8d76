package org.picket.cli;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.picket.runtime.config.Readers;

/// Where a site has the policy from that its storage is ruled by.
sealed interface PolicyChoice {
    /// What stands before the name of one that the collective's coordinators hand out.
    String COLLECTIVE = "collective:";

    Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    /// A file of its own.
    record OfFile(Path path) implements PolicyChoice {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /// One that the collective's coordinators hand out: whatever bears that name there.
    record OfCollective(String name) implements PolicyChoice {
        @Override
        public String toString() {
            return COLLECTIVE + name;
        }
    }

    /// Reads a setting.
    ///
    /// @throws IllegalArgumentException with what would have been right
    static PolicyChoice parse(String text) {
        if (!text.startsWith(COLLECTIVE)) {
            return new OfFile(Readers.path(text));
        }
        String name = text.substring(COLLECTIVE.length());
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("names no policy of the collective: after " + COLLECTIVE
                    + " stand 1 to 64 small letters, digits, '.', '_' and '-'");
        }
        return new OfCollective(name);
    }
}
