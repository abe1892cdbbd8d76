package org.picket.proto.id;

/// A finding; what people type.
///
/// @param value positive
public record FindingId(long value) {
    public FindingId {
        if (value <= 0) {
            throw new IllegalArgumentException("FindingId must be positive, not " + value);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
