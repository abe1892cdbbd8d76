package org.picket.proto.seal;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.Optional;
import java.util.function.Function;
import org.picket.proto.v1.Algorithm;
import org.picket.proto.v1.Sealed;

/// What became of a sealed statement: read only once its signature had been verified.
///
/// @param <T> type of the statement
public sealed interface Opened<T extends MessageLite> {
    /// Verified, then parsed.
    ///
    /// @param statement what was signed
    /// @param key whose signature it is
    record Valid<T extends MessageLite>(T statement, VerifyingKey key) implements Opened<T> {}

    /// Not to be believed.
    ///
    /// @param reason why
    record Invalid<T extends MessageLite>(Reason reason) implements Opened<T> {}

    /// Why a sealed statement is not believed.
    enum Reason {
        UNKNOWN_ALGORITHM,
        UNKNOWN_KEY,
        BAD_SIGNATURE,
        MALFORMED
    }

    /// Opens a statement that one party alone may have sealed.
    ///
    /// @param speaker its key
    /// @param maxBytes largest statement that is looked at
    static <T extends MessageLite> Opened<T> open(
            SealKind kind, Sealed sealed, Parser<T> parser, VerifyingKey speaker, int maxBytes) {
        return open(
                kind,
                sealed,
                parser,
                id -> Optional.of(speaker).filter(key -> key.id().equals(id)),
                maxBytes);
    }

    /// Opens a sealed statement.
    ///
    /// @param keys finds a key by its id, where it is known and may speak
    /// @param maxBytes largest statement that is looked at
    static <T extends MessageLite> Opened<T> open(
            SealKind kind,
            Sealed sealed,
            Parser<T> parser,
            Function<KeyId, Optional<VerifyingKey>> keys,
            int maxBytes) {
        if (sealed.getAlgorithm() != Algorithm.ED25519) {
            return new Invalid<>(Reason.UNKNOWN_ALGORITHM);
        }
        if (sealed.getKeyId().size() != KeyId.LENGTH || sealed.getStatement().size() > maxBytes) {
            return new Invalid<>(Reason.MALFORMED);
        }
        Optional<VerifyingKey> key = keys.apply(new KeyId(sealed.getKeyId()));
        if (key.isEmpty()) {
            return new Invalid<>(Reason.UNKNOWN_KEY);
        }
        if (!key.get().verifies(kind, sealed.getStatement(), sealed.getSignature())) {
            return new Invalid<>(Reason.BAD_SIGNATURE);
        }
        try {
            return new Valid<>(parser.parseFrom(sealed.getStatement()), key.get());
        } catch (InvalidProtocolBufferException e) {
            return new Invalid<>(Reason.MALFORMED);
        }
    }
}
