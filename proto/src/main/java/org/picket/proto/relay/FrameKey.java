package org.picket.proto.relay;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/// The key of the frames of one stream, from crawler to agent; nothing is sealed in the other direction. It
/// follows from the agreed secret and from the two statements as they were signed, so ends that did not see the
/// same statements do not have the same key.
///
/// Immutable; safe for any number of threads.
public final class FrameKey {
    private static final byte[] DOMAIN = "picket/v1/relay/frames\0".getBytes(StandardCharsets.UTF_8);
    private static final int LENGTH = 32;

    private final SecretKey key;

    private FrameKey(byte[] raw) {
        this.key = new SecretKeySpec(raw, "AES");
    }

    /// Draws the key.
    ///
    /// @param own this end's key of the stream
    /// @param other the other end's public key, from its statement
    /// @param agentStatement the agent's signed statement, byte for byte
    /// @param crawlerStatement the crawler's
    /// @throws IllegalArgumentException where the other key is no good
    public static FrameKey draw(
            StreamKey own, ByteString other, ByteString agentStatement, ByteString crawlerStatement) {
        byte[] secret = own.agree(other);
        ByteBuffer transcript = ByteBuffer.allocate(
                DOMAIN.length + 2 * Integer.BYTES + agentStatement.size() + crawlerStatement.size());
        transcript.put(DOMAIN);
        for (ByteString statement : new ByteString[] {agentStatement, crawlerStatement}) {
            transcript.putInt(statement.size());
            statement.copyTo(transcript);
        }
        byte[] raw = expand(secret, new byte[0], transcript.array(), LENGTH);
        Arrays.fill(secret, (byte) 0);
        return new FrameKey(raw);
    }

    /// HKDF-SHA256 (RFC 5869), extract and expand.
    static byte[] expand(byte[] secret, byte[] salt, byte[] info, int length) {
        HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA256Digest());
        generator.init(new HKDFParameters(secret, salt, info));
        byte[] out = new byte[length];
        generator.generateBytes(out, 0, length);
        return out;
    }

    SecretKey key() {
        return key;
    }

    @Override
    public String toString() {
        return "FrameKey";
    }
}
