package org.picket.proto.id;

import com.google.protobuf.ByteString;
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
        return new OrderId(RandomBits.read("an OrderId", bytes));
    }

    /// The 16 bytes of the wire.
    public ByteString bytes() {
        return RandomBits.write(value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
