package org.picket.coordinator.ruling;

import java.util.Optional;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.InconclusiveReason;

/// What is known about one object when it is ruled on. (An object that is gone is not ruled on.)
public sealed interface ObjectEvidence {

    /// Its views were scored.
    record Scored(Digest sha256, ViewScores scores) implements ObjectEvidence {}

    /// The same content was ruled on before, under this epoch.
    record Known(Digest sha256, Ruling earlier) implements ObjectEvidence {}

    /// Its site found it on a list, before anything was made of it.
    ///
    /// @param imported what the site's imported lists come to, where they have it; the policy's are looked up
    /// again
    record Listed(Digest sha256, Optional<Ruling> imported) implements ObjectEvidence {}

    /// The site could make no views of it.
    ///
    /// @param sha256 empty where the bytes were not read, e.g. of an object that is too large
    /// @param reason why
    record Unreadable(Optional<Digest> sha256, InconclusiveReason reason) implements ObjectEvidence {}
}
