package org.picket.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.picket.proto.seal.Digest;

/// What a folder holds, so that two can be compared: path to SHA-256, and what is quarantined counted by
/// content alone, since the names there are random.
record FileTreeState(TreeMap<String, String> live, TreeMap<String, Integer> quarantined) {
    private static final String QUARANTINE = ".picket-quarantine";
    private static final String SIDECAR = ".sidecar";

    static FileTreeState of(Path root) {
        TreeMap<String, String> live = new TreeMap<>();
        TreeMap<String, Integer> quarantined = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                String key = root.relativize(file).toString();
                String hash = Digest.of(readAll(file)).hex();
                if (key.startsWith(QUARANTINE)) {
                    // A sidecar names its order, which is another one in each run: only their number is compared.
                    quarantined.merge(key.endsWith(SIDECAR) ? "sidecar" : hash, 1, Integer::sum);
                } else {
                    live.put(key, hash);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new FileTreeState(live, quarantined);
    }

    /// Copies a folder with times and content.
    static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> {
                Path target = to.resolve(from.relativize(file).toString());
                try {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] readAll(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
