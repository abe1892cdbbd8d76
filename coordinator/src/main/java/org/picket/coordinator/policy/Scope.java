package org.picket.coordinator.policy;

/// What is scanned at all; an object beyond it is INCONCLUSIVE, with that reason.
///
/// @param maxBytes of the stored file
/// @param maxPixels width times height
public record Scope(long maxBytes, long maxPixels) {
    public static final Scope DEFAULT = new Scope(41_943_040, 50_000_000);

    public Scope {
        if (maxBytes < 1 || maxPixels < 1) {
            throw new IllegalArgumentException("max_bytes and max_pixels are at least 1");
        }
    }
}
