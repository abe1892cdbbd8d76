package org.picket.proto.seal;

import com.google.protobuf.ByteString;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// An Ed25519 public key (RFC 8032). BouncyCastle's low-level code verifies some thirty times faster than the
/// platform's provider, and a coordinator verifies a signature for each shard; a busy one goes over to native code,
/// where that is among its libraries.
///
/// Immutable; safe for any number of threads.
public final class VerifyingKey {
    /// Length of the raw key in bytes.
    public static final int LENGTH = 32;

    private static final int SIGNATURE_LENGTH = 64;

    private final ByteString raw;
    private final KeyId id;
    private final Ed25519PublicKeyParameters key;
    private final NativeEd25519 inNativeCode;

    private VerifyingKey(ByteString raw, Ed25519PublicKeyParameters key) {
        this.raw = raw;
        this.key = key;
        this.inNativeCode = NativeEd25519.verifying(raw::toByteArray);
        this.id = new KeyId(Digest.of(raw).bytes().substring(0, KeyId.LENGTH));
    }

    /// Reads a raw public key.
    ///
    /// @throws IllegalArgumentException where it is not a point of the curve, or not 32 bytes
    public static VerifyingKey of(ByteString raw) {
        if (raw.size() != LENGTH) {
            throw new IllegalArgumentException("an Ed25519 public key has 32 bytes, not " + raw.size());
        }
        byte[] bytes = raw.toByteArray();
        if (!Ed25519.validatePublicKeyFull(bytes, 0)) {
            throw new IllegalArgumentException("these 32 bytes are not an Ed25519 public key");
        }
        return new VerifyingKey(raw, new Ed25519PublicKeyParameters(bytes, 0));
    }

    /// The 32 raw bytes.
    public ByteString raw() {
        return raw;
    }

    /// The key's name.
    public KeyId id() {
        return id;
    }

    /// Whether the signature is this key's over a statement of that kind.
    public boolean verifies(SealKind kind, ByteString statement, ByteString signature) {
        byte[] message = SigningKey.message(kind, statement);
        return verifies(message, signature.toByteArray());
    }

    /// Whether the signature is this key's over exactly these bytes: for formats that fix their own domain.
    public boolean verifies(byte[] message, byte[] signature) {
        return signature.length == SIGNATURE_LENGTH
                && inNativeCode.verifies(message, signature).orElseGet(() -> verifiesInJava(message, signature));
    }

    boolean verifiesInJava(byte[] message, byte[] signature) {
        return key.verify(Ed25519.Algorithm.Ed25519, null, message, 0, message.length, signature, 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifyingKey that && raw.equals(that.raw);
    }

    @Override
    public int hashCode() {
        return raw.hashCode();
    }

    @Override
    public String toString() {
        return "VerifyingKey[" + id + "]";
    }
}
