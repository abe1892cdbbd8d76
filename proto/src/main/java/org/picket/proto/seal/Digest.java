package org.picket.proto.seal;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/// A SHA-256 digest.
///
/// @param bytes 32 of them
public record Digest(ByteString bytes) {
    /// Length in bytes.
    public static final int LENGTH = 32;

    public Digest {
        Objects.requireNonNull(bytes);
        if (bytes.size() != LENGTH) {
            throw new IllegalArgumentException("a SHA-256 digest has 32 bytes, not " + bytes.size());
        }
    }

    /// Digests one array.
    public static Digest of(byte[] content) {
        return of(sha256().digest(content), true);
    }

    /// Digests bytes of a message without copying them.
    public static Digest of(ByteString content) {
        MessageDigest digest = sha256();
        try {
            UnsafeByteOperations.unsafeWriteTo(content, new Updating(digest));
        } catch (IOException e) {
            throw new IllegalStateException("a digest does no input or output", e);
        }
        return of(digest.digest(), true);
    }

    /// Takes what a running digest has come to, and resets it.
    public static Digest finish(MessageDigest running) {
        return of(running.digest(), true);
    }

    /// Reads 64 hexadecimal digits.
    ///
    /// @throws IllegalArgumentException where they are not that
    public static Digest parseHex(String hex) {
        return of(HexFormat.of().parseHex(hex), false);
    }

    /// Wraps 32 bytes that are a digest already.
    public static Digest wrap(byte[] digest) {
        return of(digest.clone(), false);
    }

    /// A running SHA-256, which every Java platform has.
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform lacks SHA-256, which its specification demands", e);
        }
    }

    private static Digest of(byte[] digest, boolean fresh) {
        return new Digest(fresh ? UnsafeByteOperations.unsafeWrap(digest) : ByteString.copyFrom(digest));
    }

    /// Reads a message's own array where there is one: a read-only buffer of it would be copied piece by piece.
    private static final class Updating extends ByteOutput {
        private final MessageDigest digest;

        Updating(MessageDigest digest) {
            this.digest = digest;
        }

        @Override
        public void write(byte value) {
            digest.update(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            digest.update(bytes, offset, length);
        }

        @Override
        public void writeLazy(byte[] bytes, int offset, int length) {
            digest.update(bytes, offset, length);
        }

        @Override
        public void write(ByteBuffer bytes) {
            digest.update(bytes);
        }

        @Override
        public void writeLazy(ByteBuffer bytes) {
            digest.update(bytes);
        }
    }

    /// A fresh array of the 32 bytes.
    public byte[] toByteArray() {
        return bytes.toByteArray();
    }

    /// 64 lower-case hexadecimal digits. Not for logs where the digest is an object's.
    public String hex() {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    /// Deliberately short, so that no object's hash gets into a message by accident.
    @Override
    public String toString() {
        return "Digest[…]";
    }
}
