package org.picket.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import org.picket.proto.seal.SigningKey;

/// A signing key in a file that only its owner can read: the 32-byte seed and nothing else.
final class KeyFile {
    private KeyFile() {}

    /// The key of that name, made where it is not there yet. The file appears whole or not at all.
    static SigningKey open(Path folder, String name) {
        Path file = folder.resolve(name + ".key");
        try {
            OwnerOnly.folder(folder);
            if (!Files.exists(file)) {
                write(file, SigningKey.generate(new SecureRandom()).seed());
            }
            return SigningKey.ofSeed(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("the key " + file + " cannot be read or made: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new UsageFault(
                    "the key " + file + " is damaged: " + e.getMessage()
                            + ". Restore it from a backup; without it the ledger's signatures cannot go on.",
                    e);
        }
    }

    /// The key of that name, which must be there: a check must not make what it checks with.
    static SigningKey existing(Path folder, String name) {
        if (!Files.exists(folder)) {
            throw new UsageFault("nothing was done with the data folder "
                    + Optional.ofNullable(folder.getParent()).orElse(folder)
                    + " yet; scan or import something first, or name the folder that you used by --data");
        }
        if (!Files.exists(folder.resolve(name + ".key"))) {
            throw new UsageFault("there is no key " + folder.resolve(name + ".key")
                    + ": this command is for the data folder of a coordinator, or of scans on one machine. Name that by"
                    + " --data; where it is that one, restore the key from a backup");
        }
        return open(folder, name);
    }

    private static void write(Path file, byte[] seed) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (FileChannel channel = FileChannel.open(fresh, options, attributes)) {
            channel.write(ByteBuffer.wrap(seed));
        } catch (FileAlreadyExistsException e) {
            throw new IOException("another process is making it just now", e);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
