package org.picket.proto.id;

/// A storage of a site.
///
/// @param value positive
public record StorageId(long value) {
    public StorageId {
        if (value <= 0) {
            throw new IllegalArgumentException("StorageId must be positive, not " + value);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
