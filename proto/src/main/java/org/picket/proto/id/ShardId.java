package org.picket.proto.id;

/// A shard of a listing.
///
/// @param value positive
public record ShardId(long value) {
    public ShardId {
        if (value <= 0) {
            throw new IllegalArgumentException("ShardId must be positive, not " + value);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
