package org.picket.model.build;

import java.nio.file.Path;
import java.util.Optional;
import org.picket.proto.v1.BundleNeeds;

/// What the person who builds a bundle says of it.
///
/// @param name lower-case words joined by `-`
/// @param version for people
/// @param note for the card; empty: none
/// @param out where the bundle goes
/// @param needs of agents that run it
public record Label(String name, String version, Optional<String> note, Path out, BundleNeeds needs) {
    /// Of a bundle that any agent can run.
    public Label(String name, String version, Optional<String> note, Path out) {
        this(name, version, note, out, BundleNeeds.getDefaultInstance());
    }
}
