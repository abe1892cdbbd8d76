package org.picket.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// A picture with what a person says of it.
///
/// @param file where it is
/// @param flagged whether the policy ought to flag it; empty where nobody says
/// @param shown concepts that it shows or does not show; a concept that is not in here is one that nobody speaks of
record LabelledPicture(Path file, Optional<Boolean> flagged, Map<String, Boolean> shown) {
    LabelledPicture {
        shown = Map.copyOf(shown);
    }

    boolean labelled() {
        return flagged.isPresent() || !shown.isEmpty();
    }
}
