package org.picket.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Folders that hold keys, hashes or names of objects: for their owner's eyes alone, from the first moment on.
final class OwnerOnly {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("----w--w-");

    private OwnerOnly() {}

    /// Makes the folder where it is not there, with what is above it; a wider one of one's own is narrowed.
    static Path folder(Path folder) throws IOException {
        if (!posix(folder)) {
            return Files.createDirectories(folder);
        }
        if (folder.getParent() != null) {
            Files.createDirectories(folder.getParent());
        }
        try {
            FileAttribute<Set<PosixFilePermission>> attribute = PosixFilePermissions.asFileAttribute(OWNER);
            return Files.createDirectory(folder, attribute);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
            if (!Files.getPosixFilePermissions(folder).equals(OWNER)) {
                Files.setPosixFilePermissions(folder, OWNER);
            }
            return folder;
        }
    }

    /// Makes a folder for programs that will be run, which others may read, where it is not there.
    ///
    /// @throws UsageFault where somebody else could put programs there
    static Path programs(Path folder) {
        try {
            Files.createDirectories(folder);
            if (posix(folder)) {
                PosixFileAttributes now = Files.readAttributes(folder, PosixFileAttributes.class);
                Path own = Files.createTempFile(folder, ".own-", "");
                boolean ours = Files.getOwner(own).equals(now.owner());
                Files.delete(own);
                if (!ours || now.permissions().stream().anyMatch(OTHERS::contains)) {
                    throw new UsageFault("the folder for programs " + folder
                            + " belongs to somebody else, or others may write to it; what lies there is run. Choose one of"
                            + " your own with " + Keys.PROGRAMS.name() + ", or take the right away (chmod go-w)");
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UsageFault(
                    "the folder for programs " + folder + " cannot be made or used (" + e.getMessage()
                            + "); name another by " + Keys.PROGRAMS.name(),
                    e);
        }
    }

    private static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
