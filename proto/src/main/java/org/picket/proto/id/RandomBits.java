package org.picket.proto.id;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.UUID;

/// 128 random bits as they go over the wire: 16 bytes, the upper half first.
final class RandomBits {
    private static final int BYTES = 2 * Long.BYTES;

    private RandomBits() {}

    /// @param what for people, where they are not 16
    static UUID read(String what, ByteString bytes) {
        if (bytes.size() != BYTES) {
            throw new IllegalArgumentException(what + " has " + BYTES + " bytes, not " + bytes.size());
        }
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    static ByteString write(UUID bits) {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES);
        buffer.putLong(bits.getMostSignificantBits()).putLong(bits.getLeastSignificantBits());
        return ByteString.copyFrom(buffer.flip());
    }
}
