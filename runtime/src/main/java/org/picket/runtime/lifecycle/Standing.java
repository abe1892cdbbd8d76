package org.picket.runtime.lifecycle;

import java.time.Instant;
import java.util.List;

/// A [Lifecycle] at one moment.
///
/// @param name of the lifecycle
/// @param since when the state began
/// @param parts that run, in the order of their start
public record Standing(String name, LifeState state, Instant since, List<String> parts) {
    public Standing {
        parts = List.copyOf(parts);
    }
}
