package org.picket.agent.inference;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.Optional;

/// Loads a folder's ONNX Runtime as a mere library, before the program's classes do: those try once a process,
/// and after a failure no other natives can be had.
public final class NativesTrial {
    private static final String LIBRARY = "onnxruntime";

    private NativesTrial() {}

    /// Why it does not load here; empty: it does, and stays loaded.
    @SuppressWarnings("restricted")
    public static Optional<String> fault(Path folder) {
        Telemetry.forbid();
        Path library = folder.toAbsolutePath().resolve(System.mapLibraryName(LIBRARY));
        try {
            SymbolLookup.libraryLookup(library, Arena.global());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
