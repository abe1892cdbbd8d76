package org.picket.proto.id;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.UUID;

/// A removal order: 128 random bits.
///
/// @param value the bits
public record OrderId(UUID value) {
    public OrderId {
        Objects.requireNonNull(value);
    }

    /// Reads the 16 bytes of the wire.
    ///
    /// @throws IllegalArgumentException where they are not 16
    public static OrderId of(ByteString bytes) {
        if (bytes.size() != 2 * Long.BYTES) {
            throw new IllegalArgumentException("a OrderId has 16 bytes, not " + bytes.size());
        }
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new OrderId(new UUID(buffer.getLong(), buffer.getLong()));
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
