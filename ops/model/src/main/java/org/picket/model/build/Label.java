package org.picket.model.build;

import java.nio.file.Path;
import java.util.Optional;

/// What the person who builds a bundle says of it.
///
/// @param name lower-case words joined by `-`
/// @param version for people
/// @param note for the card; empty: none
/// @param out where the bundle goes
public record Label(String name, String version, Optional<String> note, Path out) {}
