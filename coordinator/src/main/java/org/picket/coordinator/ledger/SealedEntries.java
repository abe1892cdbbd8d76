package org.picket.coordinator.ledger;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.KeyId;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.Algorithm;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.Sealed;

/// Checks that every verdict and receipt in the ledger is signed, as sent, by a key that an earlier entry
/// introduced.
///
/// For one thread and one pass.
public final class SealedEntries implements EntryCheck {
    /// The most keys that a ledger may introduce: beyond any collective, and a bound on this check's memory.
    public static final int MOST_KEYS = 100_000;

    private final Map<KeyId, VerifyingKey> keys = new HashMap<>();

    @Override
    public Optional<String> check(long seq, LedgerBody body) {
        return switch (body.getBodyCase()) {
            case VERDICT -> sealed("verdict", SealKind.VERDICT, body.getVerdict());
            case LATE_VERDICT -> sealed("late verdict", SealKind.VERDICT, body.getLateVerdict());
            case RECEIPT -> sealed("receipt", SealKind.RECEIPT, body.getReceipt());
            case KEY -> introduce(body.getKey().getPublicKey());
            case RULING, ORDER, EPOCH, FINDING -> Optional.empty();
            case BODY_NOT_SET -> Optional.of("it says nothing that this version knows");
        };
    }

    private Optional<String> introduce(ByteString raw) {
        if (keys.size() >= MOST_KEYS) {
            return Optional.of("it is more than the " + MOST_KEYS + "th key");
        }
        try {
            VerifyingKey key = VerifyingKey.of(raw);
            keys.put(key.id(), key);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("the key it introduces is none: " + e.getMessage());
        }
    }

    private Optional<String> sealed(String what, SealKind kind, Sealed sealed) {
        if (sealed.getAlgorithm() != Algorithm.ED25519 || sealed.getKeyId().size() != KeyId.LENGTH) {
            return Optional.of("the " + what + " is not sealed with a known algorithm");
        }
        if (sealed.getStatement().size() > Limits.STATEMENT_BYTES) {
            return Optional.of("the " + what + " is longer than any statement");
        }
        Optional<VerifyingKey> key = Optional.ofNullable(keys.get(new KeyId(sealed.getKeyId())));
        if (key.isEmpty()) {
            return Optional.of("no earlier entry introduced the key of the " + what);
        }
        return key.get().verifies(kind, sealed.getStatement(), sealed.getSignature())
                ? Optional.empty()
                : Optional.of("the signature of the " + what + " does not verify");
    }
}
