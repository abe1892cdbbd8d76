package org.picket.model.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.picket.model.graph.ModelFault;

/// A folder for graphs while a bundle is built, beside the bundle and on the same disk; gone afterwards, also where
/// the person who builds gives up and ends the process. Holds models and nothing else.
public final class Scratch implements AutoCloseable {
    private final Path folder;
    private final Thread atExit;

    private Scratch(Path folder) {
        this.folder = folder;
        this.atExit = new Thread(this::delete, "picket-build-scratch");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /// Makes one beside a file that is to be.
    public static Scratch beside(Path file) {
        Path place = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        try {
            return new Scratch(Files.createTempDirectory(place, ".picket-build-"));
        } catch (IOException cause) {
            throw new ModelFault(
                    "Nothing can be written into " + place + " (" + cause + "). Name another place by --out.", cause);
        }
    }

    /// A place in it.
    public Path file(String name) {
        return folder.resolve(name);
    }

    /// Makes room again: models are large.
    public void drop(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException cause) {
            throw new UncheckedIOException("The file " + file + " cannot be deleted.", cause);
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException ending) {
            // The process ends: the hook deletes the folder, and must not meet us.
            return;
        }
        delete();
    }

    private void delete() {
        try (Stream<Path> inside = Files.walk(folder)) {
            List<Path> deepestFirst = inside.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException cause) {
            throw new UncheckedIOException("The folder " + folder + " is left over; delete it.", cause);
        }
    }
}
