package org.picket.coordinator.ruling;

import java.util.List;
import java.util.Objects;
import org.picket.proto.bundle.Scoring;

/// A bundle that scores an object once a policy asks for it, after the first one.
///
/// @param name by which policies ask for it
/// @param concepts in the order of its scores
/// @param scoring its digest, and how objects become its views
public record FurtherBundle(String name, List<String> concepts, Scoring scoring) {
    public FurtherBundle {
        Objects.requireNonNull(name);
        concepts = List.copyOf(concepts);
        Objects.requireNonNull(scoring);
    }
}
