package org.picket.coordinator.finding;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.picket.proto.id.FindingId;
import org.picket.proto.seal.Digest;

/// A finding's row beside what the ledger must say of it.
///
/// @param finding as it is written down
/// @param commitment over all that it says now
/// @param revision how often it was ruled on
/// @param rulingSequence the ledger entry of the newest ruling on it
public record FindingEvidence(StoredFinding finding, Digest commitment, int revision, long rulingSequence) {

    /// The evidence of one finding; empty where it is not there.
    public static Optional<FindingEvidence> find(Handle handle, FindingId id) {
        return PostgresFindings.evidence(handle, id);
    }

    /// How many findings there are.
    public static long count(Handle handle) {
        return handle.createQuery("SELECT count(*) FROM finding")
                .mapTo(Long.class)
                .one();
    }
}
