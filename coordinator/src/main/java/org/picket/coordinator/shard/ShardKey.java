package org.picket.coordinator.shard;

import org.picket.proto.id.ListingId;
import org.picket.proto.id.ShardId;

/// A shard by its listing and its place in it. The two make the number that goes over the wire.
///
/// @param listing of which it is a slice
/// @param number from 1 on, in key order
public record ShardKey(ListingId listing, int number) implements Comparable<ShardKey> {
    private static final int NUMBER_BITS = 32;

    public ShardKey {
        if (number <= 0 || listing.value() > Long.MAX_VALUE >>> NUMBER_BITS) {
            throw new IllegalArgumentException("no shard has the number " + number + " in listing " + listing);
        }
    }

    /// The two parts of an id.
    ///
    /// @throws IllegalArgumentException where it is none of a shard
    public static ShardKey of(ShardId id) {
        return new ShardKey(new ListingId(id.value() >>> NUMBER_BITS), (int) id.value());
    }

    /// As the wire has it.
    public ShardId id() {
        return new ShardId(listing.value() << NUMBER_BITS | number);
    }

    @Override
    public int compareTo(ShardKey other) {
        return Long.compare(id().value(), other.id().value());
    }
}
