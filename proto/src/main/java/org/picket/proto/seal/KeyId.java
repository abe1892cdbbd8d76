package org.picket.proto.seal;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import java.util.Objects;

/// Names a public key: the first 16 bytes of its SHA-256.
///
/// @param bytes 16 of them
public record KeyId(ByteString bytes) {
    /// Length in bytes.
    public static final int LENGTH = 16;

    public KeyId {
        Objects.requireNonNull(bytes);
        if (bytes.size() != LENGTH) {
            throw new IllegalArgumentException("a key id has 16 bytes, not " + bytes.size());
        }
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
