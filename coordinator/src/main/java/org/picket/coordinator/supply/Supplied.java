package org.picket.coordinator.supply;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.picket.coordinator.ruling.Ruling;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.InconclusiveReason;

/// An object of a lease, as its crawler supplied it.
///
/// @param key its name
/// @param version the storage's word for this content
/// @param bytes its size
/// @param modifiedMillis milliseconds since 1970
/// @param sha256 its content, where it could be read
/// @param outcome what became of it
public record Supplied(
        String key, String version, long bytes, long modifiedMillis, Optional<Digest> sha256, Outcome outcome) {
    public Supplied {
        Objects.requireNonNull(key);
        Objects.requireNonNull(version);
        Objects.requireNonNull(sha256);
        Objects.requireNonNull(outcome);
    }

    /// What became of an object at its site.
    public sealed interface Outcome {}

    /// It was made into views.
    ///
    /// @param digests SHA-256 of each view's pixels
    public record Views(List<ByteString> digests) implements Outcome {
        public Views {
            digests = List.copyOf(digests);
        }
    }

    /// It could not be.
    public record Unreadable(InconclusiveReason reason, String detail) implements Outcome {}

    /// Its content is ruled already.
    public record Known(Ruling ruling) implements Outcome {}

    /// It is on a list, and was not looked at.
    ///
    /// @param imported what imported lists say; the policy's are looked up when it is ruled on
    public record Listed(Optional<Ruling> imported) implements Outcome {}

    /// It is no longer there.
    public record Gone() implements Outcome {}

    /// Views of it.
    public int views() {
        return switch (outcome) {
            case Views(List<ByteString> digests) -> digests.size();
            case Unreadable _, Known _, Listed _, Gone _ -> 0;
        };
    }

    /// The same object, of which something else became.
    public Supplied with(Outcome other) {
        return new Supplied(key, version, bytes, modifiedMillis, sha256, other);
    }

    @Override
    public String toString() {
        return "Supplied[" + outcome.getClass().getSimpleName() + "]";
    }
}
