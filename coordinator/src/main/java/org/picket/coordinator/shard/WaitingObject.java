package org.picket.coordinator.shard;

import java.util.Objects;
import org.picket.proto.seal.Digest;

/// An object that waits for a further bundle's scores.
///
/// @param key its name
/// @param version the storage's word for this content
/// @param sha256 its content
/// @param views of which it has scores
/// @param scores that it has, view after view; not to be changed
public record WaitingObject(String key, String version, Digest sha256, int views, short[] scores) {
    public WaitingObject {
        Objects.requireNonNull(key);
        Objects.requireNonNull(version);
        Objects.requireNonNull(sha256);
        Objects.requireNonNull(scores);
        if (views < 1 || scores.length % views != 0) {
            throw new IllegalArgumentException(scores.length + " scores are not those of " + views + " views");
        }
    }

    @Override
    public String toString() {
        return "WaitingObject[" + views + " views]";
    }
}
