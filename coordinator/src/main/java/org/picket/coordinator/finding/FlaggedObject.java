package org.picket.coordinator.finding;

import java.util.Objects;
import java.util.Optional;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.ruling.Ruling;
import org.picket.coordinator.ruling.ScoreBlock;
import org.picket.proto.seal.Digest;

/// An object that was ruled FLAGGED.
///
/// @param object where it is
/// @param sha256 its content
/// @param ruling by which rule or list, and on what basis
/// @param ceiling what that rule lets the machine do by itself, at most
/// @param hold why nothing may be done yet, where that is so: for instance a quorum that is not reached
/// @param scores all of its own, where it was flagged by them
public record FlaggedObject(
        ObjectReference object,
        Digest sha256,
        Ruling.Flagged ruling,
        Action ceiling,
        Optional<String> hold,
        Optional<ScoreBlock> scores) {
    /// Flagged otherwise than by scores of its own.
    public FlaggedObject(
            ObjectReference object, Digest sha256, Ruling.Flagged ruling, Action ceiling, Optional<String> hold) {
        this(object, sha256, ruling, ceiling, hold, Optional.empty());
    }

    public FlaggedObject {
        Objects.requireNonNull(object);
        Objects.requireNonNull(sha256);
        Objects.requireNonNull(ruling);
        Objects.requireNonNull(ceiling);
        Objects.requireNonNull(hold);
        Objects.requireNonNull(scores);
    }
}
