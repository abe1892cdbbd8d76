package org.picket.proto.id;

import com.google.protobuf.ByteString;
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
        return new LeaseId(RandomBits.read("a LeaseId", bytes));
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
