package org.picket.proto.id;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.UUID;

/// A lease: 128 random bits, so that no restart or restored database can use one twice.
///
/// @param value the bits
public record LeaseId(UUID value) {
    public LeaseId {
        Objects.requireNonNull(value);
    }

    /// Reads the 16 bytes of the wire.
    ///
    /// @throws IllegalArgumentException where they are not 16
    public static LeaseId of(ByteString bytes) {
        if (bytes.size() != 2 * Long.BYTES) {
            throw new IllegalArgumentException("a LeaseId has 16 bytes, not " + bytes.size());
        }
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new LeaseId(new UUID(buffer.getLong(), buffer.getLong()));
    }

    /// The 16 bytes of the wire.
    public ByteString bytes() {
        ByteBuffer buffer = ByteBuffer.allocate(2 * Long.BYTES);
        buffer.putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
        return ByteString.copyFrom(buffer.flip());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
