package org.picket.crawler.source;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The open directory that holds one key of a folder, reached from the root without following any symbolic
/// link, together with the name of the file in it. Whatever happens to the path meanwhile, operations through
/// [#directory] stay where it was.
public final class FolderPlace implements AutoCloseable {

    private final List<SecureDirectoryStream<Path>> opened;
    private final Path name;

    private FolderPlace(List<SecureDirectoryStream<Path>> opened, Path name) {
        this.opened = opened;
        this.name = name;
    }

    /// The names of a key from the root down, or empty when it could lead out of the root or cannot be a path
    /// at all.
    public static Optional<List<Path>> names(String key) {
        List<Path> names = new ArrayList<>();
        for (String segment : key.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return Optional.empty();
            }
            try {
                names.add(Path.of(segment));
            } catch (InvalidPathException e) {
                return Optional.empty();
            }
        }
        return names.size() > FolderWalk.MAX_DEPTH + 1 ? Optional.empty() : Optional.of(names);
    }

    /// Opens the directory of `names`' last one below `root`.
    ///
    /// @throws NoSuchFileException when a directory on the way is missing
    /// @throws IOException when one is a symbolic link, no directory, or may not be entered
    public static FolderPlace open(Path root, List<Path> names) throws IOException {
        List<SecureDirectoryStream<Path>> opened = new ArrayList<>();
        try {
            opened.add(secure(Files.newDirectoryStream(root), root));
            for (Path name : names.subList(0, names.size() - 1)) {
                opened.add(opened.getLast().newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
            }
            return new FolderPlace(opened, names.getLast());
        } catch (IOException | RuntimeException e) {
            closeAll(opened);
            throw e;
        }
    }

    /// Whether a name on the way is a symbolic link now. Only to give the right reason: opening a link without
    /// following it fails with a plain I/O error.
    public static boolean leadsThroughLink(Path root, List<Path> names) {
        Path at = root;
        for (Path name : names) {
            at = at.resolve(name);
            if (Files.isSymbolicLink(at)) {
                return true;
            }
        }
        return false;
    }

    static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream, Path root) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new SourceException(
                "The folder " + root + " cannot be read safely: this system cannot open files relative to an"
                        + " open directory. Run the crawler on Linux or macOS, on a local file system.");
    }

    /// What the file system knows the open root by, where it tells.
    Optional<Object> rootKey() throws IOException {
        return Optional.ofNullable(opened.getFirst()
                .getFileAttributeView(BasicFileAttributeView.class)
                .readAttributes()
                .fileKey());
    }

    /// The open directory.
    public SecureDirectoryStream<Path> directory() {
        return opened.getLast();
    }

    /// The name of the file in [#directory].
    public Path name() {
        return name;
    }

    @Override
    public void close() throws IOException {
        closeAll(opened);
    }

    private static void closeAll(List<SecureDirectoryStream<Path>> streams) throws IOException {
        for (SecureDirectoryStream<Path> stream : streams.reversed()) {
            stream.close();
        }
    }
}
