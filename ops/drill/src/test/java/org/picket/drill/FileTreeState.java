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

    /// How many files of a folder stand at their places, whatever is in them.
    static long files(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> !file.startsWith(root.resolve(QUARANTINE)))
                    .filter(Files::isRegularFile)
                    .count();
        } catch (IOException | UncheckedIOException e) {
            // One went while the folder was read: as many as none, which the next look puts right.
            return Long.MAX_VALUE;
        }
    }

    /// How many objects of a folder are in quarantine, also while it changes.
    static long kept(Path root) {
        Path quarantine = root.resolve(QUARANTINE);
        if (!Files.isDirectory(quarantine)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(quarantine)) {
            return files.filter(file -> file.toString().endsWith(SIDECAR)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
