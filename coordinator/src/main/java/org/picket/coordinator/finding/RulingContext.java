package org.picket.coordinator.finding;

import java.time.Instant;
import java.util.Objects;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.ShardId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

/// Where rulings come from, and what may follow from them.
///
/// @param storage that holds the objects
/// @param listing that listed them
/// @param shard whose verdict was ruled on
/// @param epoch of the policy, bundle and preprocessing
/// @param enforcement what may happen without a person
/// @param rulingSequence the ledger entry of these rulings
/// @param now the present instant
public record RulingContext(
        StorageId storage,
        ListingId listing,
        ShardId shard,
        Digest epoch,
        Enforcement enforcement,
        long rulingSequence,
        Instant now) {
    public RulingContext {
        Objects.requireNonNull(storage);
        Objects.requireNonNull(listing);
        Objects.requireNonNull(shard);
        Objects.requireNonNull(epoch);
        Objects.requireNonNull(enforcement);
        Objects.requireNonNull(now);
    }
}
