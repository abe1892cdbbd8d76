package org.picket.proto.circle;

import java.util.Objects;
import org.picket.proto.seal.KeyId;

/// An agent that wants pictures.
///
/// @param operator who answers for it, by name
/// @param region where it stands, as its invite said; empty: nobody said
/// @param key of its identity
public record Applicant(String operator, String region, KeyId key) {
    public Applicant {
        Objects.requireNonNull(operator);
        Objects.requireNonNull(region);
        Objects.requireNonNull(key);
    }
}
