package org.picket.agent.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;
import org.picket.proto.v1.StoredPart;

/// Reads the model of a bundle. It goes past the heap, into the buffer that the runtime takes it from: one
/// of a gigabyte needs no larger heap than a small one.
final class StoredModel {
    private static final int STEP = 1 << 20;

    private StoredModel() {}

    /// The model, if it is what the manifest announces, which must be within the limit.
    static Optional<ByteBuffer> read(InputStream in, StoredPart announced) throws IOException {
        ByteBuffer model = ByteBuffer.allocateDirect((int) announced.getBytes());
        MessageDigest digest = ManifestRules.sha256();
        byte[] step = new byte[STEP];
        for (int read = in.read(step); read >= 0; read = in.read(step)) {
            if (read > model.remaining()) {
                return Optional.empty();
            }
            model.put(step, 0, read);
            digest.update(step, 0, read);
        }
        boolean same = MessageDigest.isEqual(announced.getSha256().toByteArray(), digest.digest());
        return same && !model.hasRemaining() ? Optional.of(model.flip()) : Optional.empty();
    }
}
