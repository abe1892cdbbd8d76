package org.picket.coordinator.artifact;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// Bounds of handing out artifacts.
///
/// @param folder where they lie; empty: there are none
/// @param transfers under way at once
/// @param bytesPerSecond of all of them together
public record ArtifactSettings(Optional<Path> folder, int transfers, long bytesPerSecond) {
    /// The least bound: a chunk every three seconds.
    public static final long LEAST_BYTES_PER_SECOND = 100_000;

    /// Hands out nothing.
    public static final ArtifactSettings NONE = new ArtifactSettings(Optional.empty(), 8, 100_000_000);

    public ArtifactSettings {
        Objects.requireNonNull(folder);
        if (transfers < 1 || bytesPerSecond < LEAST_BYTES_PER_SECOND) {
            throw new IllegalArgumentException(
                    "there is at least one transfer, of " + LEAST_BYTES_PER_SECOND + " bytes a second");
        }
    }

    /// What lies in that folder.
    public ArtifactSettings from(Path other) {
        return new ArtifactSettings(Optional.of(other), transfers, bytesPerSecond);
    }

    /// At another pace.
    public ArtifactSettings at(long other) {
        return new ArtifactSettings(folder, transfers, other);
    }
}
