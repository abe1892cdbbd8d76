package org.picket.coordinator.shard;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;

/// Waiting objects as they are kept: a version (1 byte), their number (4), and for each key and version (UTF-8,
/// each after its length in 4 bytes), SHA-256, views (1), scores (their number in 4 bytes, 2 each); big-endian.
final class FollowUpBytes {
    private static final int VERSION = 1;
    private static final int TEXT_LIMIT = 1 << 16;
    private static final int SCORES_LIMIT = Limits.OBJECT_VIEWS * Limits.BUNDLE_CONCEPTS;

    private FollowUpBytes() {}

    static byte[] encode(List<WaitingObject> objects) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(objects.size());
            for (WaitingObject object : objects) {
                text(out, object.key());
                text(out, object.version());
                out.write(object.sha256().toByteArray());
                out.writeByte(object.views());
                out.writeInt(object.scores().length);
                for (short score : object.scores()) {
                    out.writeShort(score);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    /// @throws IllegalStateException if these are not the bytes that [#encode] makes
    static List<WaitingObject> decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            int count = in.readInt();
            if (version != VERSION || count < 1 || count > Limits.SHARD_OBJECTS) {
                throw new IllegalStateException("a follow-up of version " + version + " with " + count + " objects");
            }
            List<WaitingObject> objects = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                objects.add(object(in));
            }
            return objects;
        } catch (IOException e) {
            throw new IllegalStateException("a follow-up ends early", e);
        }
    }

    private static WaitingObject object(DataInputStream in) throws IOException {
        String key = text(in);
        String version = text(in);
        byte[] sha256 = in.readNBytes(Digest.LENGTH);
        int views = in.readUnsignedByte();
        short[] scores = new short[bounded(in.readInt(), SCORES_LIMIT)];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = in.readShort();
        }
        return new WaitingObject(key, version, Digest.wrap(sha256), views, scores);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(bounded(in.readInt(), TEXT_LIMIT)), StandardCharsets.UTF_8);
    }

    private static int bounded(int length, int limit) {
        if (length < 0 || length > limit) {
            throw new IllegalStateException("a follow-up claims " + length + " of at most " + limit);
        }
        return length;
    }
}
