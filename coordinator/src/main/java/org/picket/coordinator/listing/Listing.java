package org.picket.coordinator.listing;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

/// One listing of a storage.
///
/// @param id which
/// @param storage of what
/// @param epoch under which its objects are ruled
/// @param scope which objects are part of it, and as of when
/// @param state where it stands
/// @param intake what was pushed
/// @param counts how far the rulings are
public record Listing(
        ListingId id,
        StorageId storage,
        Digest epoch,
        Scope scope,
        ListingState state,
        Intake intake,
        ListingCounts counts) {

    /// Which objects.
    ///
    /// @param since only those modified within this span before it began; empty: all
    /// @param startedAt when it began
    public record Scope(Optional<Duration> since, Instant startedAt) {}

    /// What was pushed.
    ///
    /// @param cursorKey the last key
    /// @param shards cut from it
    /// @param shardsOpen of these not all ruled
    /// @param listedBytes all together
    /// @param unlistable entries that have no usable name
    /// @param followUps that came out of its shards so far
    public record Intake(
            String cursorKey, int shards, int shardsOpen, long listedBytes, long unlistable, int followUps) {}

    /// How old it is.
    public Duration age(Instant now) {
        Duration age = Duration.between(scope.startedAt(), now);
        return age.isNegative() ? Duration.ZERO : age;
    }
}
