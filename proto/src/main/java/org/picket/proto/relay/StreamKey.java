package org.picket.proto.relay;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.security.SecureRandom;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;

/// One end's X25519 key (RFC 7748), made for one stream and forgotten with it: who gets hold of a member's own
/// key later cannot read what was sent before.
///
/// Immutable; safe for any number of threads.
public final class StreamKey {
    /// Length of a public key in bytes.
    public static final int LENGTH = 32;

    private final X25519PrivateKeyParameters key;

    private StreamKey(X25519PrivateKeyParameters key) {
        this.key = key;
    }

    /// Makes a new key.
    public static StreamKey generate(SecureRandom random) {
        return new StreamKey(new X25519PrivateKeyParameters(random));
    }

    /// A given key, for the published vectors.
    static StreamKey of(byte[] secret) {
        return new StreamKey(new X25519PrivateKeyParameters(secret, 0));
    }

    /// The public half.
    public ByteString raw() {
        return UnsafeByteOperations.unsafeWrap(key.generatePublicKey().getEncoded());
    }

    /// What only the two ends know.
    ///
    /// @throws IllegalArgumentException where the other key is no key, or one of small order: those give the
    /// same secret to everybody (RFC 7748, section 6.1)
    byte[] agree(ByteString other) {
        if (other.size() != LENGTH) {
            throw new IllegalArgumentException("an X25519 public key has 32 bytes, not " + other.size());
        }
        byte[] secret = new byte[LENGTH];
        try {
            key.generateSecret(new X25519PublicKeyParameters(other.toByteArray(), 0), secret, 0);
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException("an X25519 key of small order", e);
        }
        return secret;
    }

    @Override
    public String toString() {
        return "StreamKey";
    }
}
