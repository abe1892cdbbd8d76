package org.picket.proto.id;

/// A site, as the coordinator numbers it.
///
/// @param value positive
public record SiteId(long value) {
    public SiteId {
        if (value <= 0) {
            throw new IllegalArgumentException("SiteId must be positive, not " + value);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
