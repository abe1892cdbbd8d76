package org.picket.coordinator.shard;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.picket.proto.key.KeyOrder;
import org.picket.proto.limit.Limits;

/// Consecutive objects of a storage, as its crawler cut them.
///
/// @param firstKey first key, by UTF-8 bytes
/// @param lastKey last key, included
/// @param objects how many, at least 1
/// @param bytes all together
/// @param digest 16 bytes over keys and versions
public record KeyRange(String firstKey, String lastKey, int objects, long bytes, ByteString digest) {
    /// Length of a digest in bytes.
    public static final int DIGEST_BYTES = 16;

    public KeyRange {
        Objects.requireNonNull(firstKey);
        Objects.requireNonNull(lastKey);
        if (objects < 1 || bytes < 0 || digest.size() != DIGEST_BYTES || firstKey.isEmpty()) {
            throw new IllegalArgumentException("a range has a first key, objects, and a digest of 16 bytes");
        }
        if (firstKey.indexOf(0) >= 0 || lastKey.indexOf(0) >= 0) {
            throw new IllegalArgumentException("a key holds no NUL");
        }
        if (bytes(firstKey) > Limits.KEY_BYTES || bytes(lastKey) > Limits.KEY_BYTES) {
            throw new IllegalArgumentException("a key has at most " + Limits.KEY_BYTES + " bytes");
        }
        if (KeyOrder.compare(firstKey, lastKey) > 0) {
            throw new IllegalArgumentException("a range's first key does not come after its last");
        }
    }

    private static int bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public String toString() {
        return "KeyRange[" + objects + " objects]";
    }
}
