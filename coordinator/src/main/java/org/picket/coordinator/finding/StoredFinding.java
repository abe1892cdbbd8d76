package org.picket.coordinator.finding;

import java.util.Optional;
import org.picket.coordinator.ruling.Ruling;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.OrderId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

/// A finding as it is written down.
///
/// @param id what people type
/// @param storage that holds the object
/// @param object where it is
/// @param sha256 its content
/// @param ruling by which rule or list, and on what basis
/// @param epoch under which it was last ruled on
/// @param progress how far it has come
public record StoredFinding(
        FindingId id,
        StorageId storage,
        ObjectReference object,
        Digest sha256,
        Ruling.Flagged ruling,
        Digest epoch,
        Progress progress) {

    /// How far a finding has come.
    ///
    /// @param state where it is on its way
    /// @param quarantineOrder the order by which it went into quarantine, where one was carried out
    public record Progress(FindingState state, Optional<OrderId> quarantineOrder) {}

    /// Where it is on its way.
    public FindingState state() {
        return progress.state();
    }
}
