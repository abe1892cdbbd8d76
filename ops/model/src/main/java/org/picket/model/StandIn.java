package org.picket.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/// The stand-in bundle as it ships: it makes every path real and detects nothing but its four harmless concepts
/// in synthetic pictures. It is rebuilt by `ops/model/train`.
public final class StandIn {
    private static final String RESOURCE = "stand-in.bundle";

    private StandIn() {}

    /// The bundle file, to be closed by the caller.
    public static InputStream open() {
        return Optional.ofNullable(StandIn.class.getResourceAsStream(RESOURCE))
                .orElseThrow(() -> new IllegalStateException(
                        "This build lacks the stand-in bundle. Run ops/model/train and build again."));
    }

    /// The bundle file's bytes.
    public static byte[] file() {
        try (InputStream in = open()) {
            return in.readAllBytes();
        } catch (IOException cause) {
            throw new UncheckedIOException("The stand-in bundle cannot be read from the program's own files.", cause);
        }
    }
}
