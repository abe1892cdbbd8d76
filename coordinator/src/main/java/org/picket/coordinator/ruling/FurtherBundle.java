package org.picket.coordinator.ruling;

import java.util.List;
import java.util.Objects;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.Preprocessing;

/// A bundle that scores an object once a policy asks for it, after the first one.
///
/// @param name by which policies ask for it
/// @param concepts in the order of its scores
/// @param bundle its digest
/// @param preprocessing how objects become its views
/// @param preprocessingDigest SHA-256 of its deterministic bytes
public record FurtherBundle(
        String name, List<String> concepts, Digest bundle, Preprocessing preprocessing, Digest preprocessingDigest) {
    public FurtherBundle {
        Objects.requireNonNull(name);
        concepts = List.copyOf(concepts);
        Objects.requireNonNull(bundle);
        Objects.requireNonNull(preprocessing);
        Objects.requireNonNull(preprocessingDigest);
    }
}
