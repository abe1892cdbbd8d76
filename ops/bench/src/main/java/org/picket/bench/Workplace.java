package org.picket.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/// Where a bench works and how thoroughly.
///
/// @param brief a few seconds a figure, to see that it works, instead of minutes
/// @param home of the checkout or installation that is measured
/// @param folder scratch space, deleted at the end
public record Workplace(boolean brief, Path home, Path folder) implements AutoCloseable {
    /// Makes the scratch folder.
    public static Workplace open(boolean brief, Path home) {
        try {
            Path folder = Files.createTempDirectory("picket-bench-");
            // The database server, which must not be root, works below it.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            return new Workplace(brief, home, folder);
        } catch (IOException e) {
            throw new UncheckedIOException("no scratch folder can be made; see java.io.tmpdir", e);
        }
    }

    /// One of two amounts: for a brief run, or a full one.
    public int amount(int brief, int full) {
        return this.brief ? brief : full;
    }

    /// Where native libraries are unpacked to, once for all runs.
    public Path natives() {
        return home.resolve("ops/bench/target/natives");
    }

    /// Deletes a folder and all in it; what is no longer there is no trouble.
    public static void delete(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("the scratch folder " + folder + " cannot be deleted", e);
        }
    }

    @Override
    public void close() {
        delete(folder);
    }
}
