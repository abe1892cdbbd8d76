package org.picket.coordinator.artifact;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.proto.v1.Sealed;

/// A file that is handed out.
///
/// @param stamp of the file when its digest was taken
/// @param statement what it is
/// @param sealed the statement
record Artifact(Stamp stamp, ArtifactStatement statement, Sealed sealed) {
    /// A file as it was: another size or time, and it has to be looked at anew.
    record Stamp(Path file, long bytes, FileTime modified) {}
}
