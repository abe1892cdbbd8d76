package org.picket.proto.seal;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import java.security.SecureRandom;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.picket.proto.v1.Algorithm;
import org.picket.proto.v1.Sealed;

/// An Ed25519 private key (RFC 8032), which never leaves the process but as its 32-byte seed into an owner-only
/// file.
///
/// Immutable; safe for any number of threads.
public final class SigningKey {
    /// Length of the seed in bytes.
    public static final int SEED_LENGTH = 32;

    private final Ed25519PrivateKeyParameters key;
    private final VerifyingKey verifyingKey;
    private final NativeEd25519 inNativeCode;

    private SigningKey(Ed25519PrivateKeyParameters key) {
        this.key = key;
        this.inNativeCode = NativeEd25519.signing(key::getEncoded);
        this.verifyingKey =
                VerifyingKey.of(ByteString.copyFrom(key.generatePublicKey().getEncoded()));
    }

    /// Makes a new key.
    public static SigningKey generate(SecureRandom random) {
        return new SigningKey(new Ed25519PrivateKeyParameters(random));
    }

    /// Rebuilds a key from its seed.
    ///
    /// @throws IllegalArgumentException where the seed is not 32 bytes
    public static SigningKey ofSeed(byte[] seed) {
        if (seed.length != SEED_LENGTH) {
            throw new IllegalArgumentException("an Ed25519 seed has 32 bytes, not " + seed.length);
        }
        return new SigningKey(new Ed25519PrivateKeyParameters(seed, 0));
    }

    /// The secret itself: only for an owner-only file.
    public byte[] seed() {
        return key.getEncoded();
    }

    /// The public half.
    public VerifyingKey verifyingKey() {
        return verifyingKey;
    }

    /// Seals a statement: serialises it once and signs those bytes.
    public Sealed seal(SealKind kind, MessageLite statement) {
        ByteString bytes = statement.toByteString();
        byte[] signature = sign(message(kind, bytes));
        return Sealed.newBuilder()
                .setKeyId(verifyingKey.id().bytes())
                .setAlgorithm(Algorithm.ED25519)
                .setStatement(bytes)
                .setSignature(UnsafeByteOperations.unsafeWrap(signature))
                .build();
    }

    /// Signs exactly these bytes: for formats that fix their own domain.
    public byte[] sign(byte[] message) {
        return inNativeCode.sign(message).orElseGet(() -> signInJava(message));
    }

    byte[] signInJava(byte[] message) {
        byte[] signature = new byte[Ed25519PrivateKeyParameters.SIGNATURE_SIZE];
        key.sign(Ed25519.Algorithm.Ed25519, null, message, 0, message.length, signature, 0);
        return signature;
    }

    static byte[] message(SealKind kind, ByteString statement) {
        byte[] prefix = kind.prefix();
        byte[] message = new byte[prefix.length + statement.size()];
        System.arraycopy(prefix, 0, message, 0, prefix.length);
        statement.copyTo(message, prefix.length);
        return message;
    }

    @Override
    public String toString() {
        return "SigningKey[" + verifyingKey.id() + "]";
    }
}
