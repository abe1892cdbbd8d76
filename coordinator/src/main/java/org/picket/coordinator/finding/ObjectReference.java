package org.picket.coordinator.finding;

import java.time.Instant;
import java.util.Objects;

/// One object as a listing showed it.
///
/// @param key its name, relative to the storage's root
/// @param version the storage's word for this very content at this key
/// @param bytes its size
/// @param modified as the storage tells it; shown to people, decides nothing
public record ObjectReference(String key, String version, long bytes, Instant modified) {
    public ObjectReference {
        Objects.requireNonNull(key);
        Objects.requireNonNull(version);
        Objects.requireNonNull(modified);
        if (key.isEmpty() || bytes < 0) {
            throw new IllegalArgumentException("an object has a key and a size");
        }
    }

    /// The size alone: keys are for no log.
    @Override
    public String toString() {
        return "ObjectReference[" + bytes + " bytes]";
    }
}
