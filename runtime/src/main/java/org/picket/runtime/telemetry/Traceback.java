package org.picket.runtime.telemetry;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where a failure came from, for the log: kinds and places, never a message, since that of a file system, of a
/// database or of a parser may name an object.
public final class Traceback {
    /// Causes are chains of a few; a ring of them would otherwise never end.
    private static final int CAUSES = 8;

    private static final int FRAMES = 24;

    private Traceback() {}

    /// One line, the outermost failure first.
    public static String of(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(CAUSES)
                .map(cause -> cause.getClass().getName()
                        + Arrays.stream(cause.getStackTrace())
                                .limit(FRAMES)
                                .map(frame -> " at " + frame)
                                .collect(Collectors.joining()))
                .collect(Collectors.joining("; because of "));
    }
}
