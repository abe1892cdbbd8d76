package org.picket.model.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.picket.model.graph.ModelFault;

/// The files that a bundle was made from, each by its part and SHA-256.
public final class Sources {
    private static final int COPY_BYTES = 1 << 20;

    private final SequencedMap<String, byte[]> digests = new LinkedHashMap<>();

    /// Adds files of one part: `vision encoder: model.onnx`.
    public Sources add(String part, List<Path> files) {
        files.forEach(file -> digests.put(part + ": " + printable(file), sha256(file)));
        return this;
    }

    /// Digests by what they are of, in the order in which they were added.
    public Map<String, byte[]> digests() {
        return digests;
    }

    private static String printable(Path file) {
        return String.valueOf(file.getFileName()).replaceAll("[^A-Za-z0-9._-]", "?");
    }

    private static byte[] sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] some = new byte[COPY_BYTES];
            for (int read = in.read(some); read >= 0; read = in.read(some)) {
                digest.update(some, 0, read);
            }
            return digest.digest();
        } catch (IOException cause) {
            throw new ModelFault(file + " cannot be read (" + cause + "). Check the path and its permissions.", cause);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has SHA-256.", impossible);
        }
    }
}
