package org.picket.proto.id;

/// One listing of a storage.
///
/// @param value positive
public record ListingId(long value) {
    public ListingId {
        if (value <= 0) {
            throw new IllegalArgumentException("ListingId must be positive, not " + value);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
