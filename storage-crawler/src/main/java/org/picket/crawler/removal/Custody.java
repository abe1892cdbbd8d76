package org.picket.crawler.removal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.picket.crawler.source.FolderPlace;
import org.picket.crawler.source.PrivatePrefix;
import org.picket.proto.seal.Digest;

/// The private directory of a folder, and the moves into and out of it. Every path is opened name by name
/// without following symbolic links. A place is a list of names below the root.
final class Custody {

    private static final String DIRECTORY_MODE = "rwx------";
    private static final String FILE_MODE = "rw-------";
    private static final String SIDECAR_SUFFIX = ".sidecar";
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int MAX_SIDECAR_BYTES = 64 * 1024;

    private final Path root;
    private final KillSwitch killSwitch;

    Custody(Path root, KillSwitch killSwitch) {
        this.root = root;
        this.killSwitch = killSwitch;
    }

    Path root() {
        return root;
    }

    /// Where the object of a place name is kept.
    List<Path> kept(String placeName) {
        return List.of(Path.of(PrivatePrefix.NAME), Path.of(placeName));
    }

    private List<Path> sidecar(String placeName) {
        return kept(placeName + SIDECAR_SUFFIX);
    }

    private Path path(List<Path> place) {
        Path at = root;
        for (Path name : place) {
            at = at.resolve(name);
        }
        return at;
    }

    /// Makes the private directory, for this user alone, if it is missing. Several orders may begin at once.
    void prepare() throws IOException {
        Path directory = root.resolve(PrivatePrefix.NAME);
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(DIRECTORY_MODE)));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
        Durable.directory(root);
    }

    /// What is at a place, a symbolic link itself included; empty when there is nothing.
    Optional<PosixFileAttributes> find(List<Path> place) throws IOException {
        try (FolderPlace opened = FolderPlace.open(root, place)) {
            return Optional.of(view(opened).readAttributes());
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        }
    }

    private static PosixFileAttributeView view(FolderPlace place) {
        return place.directory()
                .getFileAttributeView(place.name(), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    /// The SHA-256 of the file at a place; empty when it does not have exactly `sizeBytes` bytes.
    Optional<Digest> hash(List<Path> place, long sizeBytes) throws IOException {
        MessageDigest running = Digest.sha256();
        long left = sizeBytes;
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try (FolderPlace opened = FolderPlace.open(root, place);
                SeekableByteChannel channel = opened.directory()
                        .newByteChannel(opened.name(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            while (channel.read(buffer.clear()) >= 0) {
                killSwitch.check();
                left -= buffer.flip().remaining();
                if (left < 0) {
                    return Optional.empty();
                }
                running.update(buffer);
            }
        }
        return left == 0 ? Optional.of(Digest.finish(running)) : Optional.empty();
    }

    /// Whether the place holds a regular file with exactly the content of the order.
    boolean holdsContent(List<Path> place, RemovalOrder order) throws IOException {
        Optional<PosixFileAttributes> found = find(place);
        return found.isPresent()
                && found.get().isRegularFile()
                && hash(place, order.sizeBytes()).filter(order.sha256()::equals).isPresent();
    }

    /// Writes a sidecar and forces its content to disk; its name is forced together with the object's by
    /// [#syncPrivate].
    void write(String placeName, Sidecar sidecar) throws IOException {
        prepare();
        try (FolderPlace opened = FolderPlace.open(root, sidecar(placeName));
                SeekableByteChannel channel = opened.directory()
                        .newByteChannel(
                                opened.name(),
                                Set.of(
                                        StandardOpenOption.CREATE,
                                        StandardOpenOption.TRUNCATE_EXISTING,
                                        StandardOpenOption.WRITE,
                                        LinkOption.NOFOLLOW_LINKS),
                                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FILE_MODE)))) {
            ByteBuffer bytes = ByteBuffer.wrap(sidecar.encode());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (channel instanceof FileChannel file) {
                file.force(true);
            }
        }
    }

    Optional<Sidecar> readSidecar(String placeName) throws IOException {
        try (FolderPlace opened = FolderPlace.open(root, sidecar(placeName));
                SeekableByteChannel channel = opened.directory()
                        .newByteChannel(opened.name(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            if (channel.size() > MAX_SIDECAR_BYTES) {
                throw new IOException("a sidecar is too long");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                continue;
            }
            return Optional.of(Sidecar.decode(bytes.array()));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        }
    }

    /// Moves a file into the private directory, atomically, within its file system.
    void moveIn(List<Path> live, String placeName) throws IOException {
        try (FolderPlace from = FolderPlace.open(root, live);
                FolderPlace to = FolderPlace.open(root, kept(placeName))) {
            from.directory().move(from.name(), to.directory(), to.name());
        }
    }

    /// Puts a kept file at a live place, unless something is there already. The kept name stays.
    ///
    /// @return false when the place is taken
    boolean link(String placeName, List<Path> live) throws IOException {
        Path target = path(live);
        makeParents(live);
        try {
            // A hard link, unlike a rename, never overwrites.
            Files.createLink(target, path(kept(placeName)));
        } catch (FileAlreadyExistsException e) {
            return sameFile(kept(placeName), live);
        } catch (UnsupportedOperationException | FileSystemException e) {
            return moveOut(placeName, target, e);
        }
        if (!sameFile(kept(placeName), live)) {
            throw new IOException("a directory on the way was replaced while the object was being put back");
        }
        return true;
    }

    /// For file systems without hard links: nothing there overwrites either, but the look and the move are two
    /// steps.
    private boolean moveOut(String placeName, Path target, Exception refusal) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            Files.move(path(kept(placeName)), target);
            return true;
        } catch (IOException e) {
            e.addSuppressed(refusal);
            throw e;
        }
    }

    private void makeParents(List<Path> live) throws IOException {
        Path at = root;
        for (Path name : live.subList(0, live.size() - 1)) {
            Path parent = at;
            at = at.resolve(name);
            if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
                makeParent(at);
                Durable.directory(parent);
            }
            if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
                throw new NotDirectoryException("a directory on the way is none");
            }
        }
    }

    private static void makeParent(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            return; // Another order was quicker; whether it is a directory is looked at next.
        }
    }

    boolean sameFile(List<Path> left, List<Path> right) throws IOException {
        Optional<Object> leftKey = find(left).map(PosixFileAttributes::fileKey);
        return leftKey.isPresent() && leftKey.equals(find(right).map(PosixFileAttributes::fileKey));
    }

    /// Lets only this user read a kept file. Where the file belongs to another user, the directory's mode alone
    /// must do.
    void restrict(String placeName) throws IOException {
        try (FolderPlace opened = FolderPlace.open(root, kept(placeName))) {
            view(opened).setPermissions(PosixFilePermissions.fromString(FILE_MODE));
        } catch (FileSystemException e) {
            if (find(kept(placeName)).isEmpty()) {
                throw e;
            }
        }
    }

    /// Gives a kept file its mode and time of modification back, where it lost them: of another user's file, which
    /// [#restrict] could not change, neither may be set, and both are as they were.
    void restore(String placeName, Sidecar sidecar) throws IOException {
        try (FolderPlace opened = FolderPlace.open(root, kept(placeName))) {
            PosixFileAttributeView view = view(opened);
            PosixFileAttributes present = view.readAttributes();
            if (!PosixFilePermissions.toString(present.permissions()).equals(sidecar.mode())) {
                view.setPermissions(PosixFilePermissions.fromString(sidecar.mode()));
            }
            if (!present.lastModifiedTime().toInstant().equals(sidecar.modified())) {
                view.setTimes(FileTime.from(sidecar.modified()), null, null);
            }
        }
    }

    void deleteKept(String placeName) throws IOException {
        delete(kept(placeName));
    }

    void deleteSidecar(String placeName) throws IOException {
        delete(sidecar(placeName));
    }

    private void delete(List<Path> place) throws IOException {
        try (FolderPlace opened = FolderPlace.open(root, place)) {
            opened.directory().deleteFile(opened.name());
        } catch (NoSuchFileException e) {
            return; // An earlier attempt got this far.
        }
    }

    void syncPrivate() throws IOException {
        Durable.directory(root.resolve(PrivatePrefix.NAME));
    }

    /// Forces the names beside a live place to disk.
    void syncBeside(List<Path> live) throws IOException {
        Path directory = path(live).getParent();
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            Durable.directory(directory);
        }
    }
}
