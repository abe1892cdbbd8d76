package org.picket.crawler.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;

/// Visits every regular file below a root, one directory entry at a time, never through a symbolic link: each
/// directory is opened relative to its open parent. Memory does not grow with the number of files; one
/// descriptor is open per level.
final class FolderWalk {

    /// Deepest nesting that is entered; deeper directories are reported as gaps.
    static final int MAX_DEPTH = 128;

    /// Longest key, as in S3.
    static final int MAX_KEY_BYTES = 1_024;

    private static final char REPLACEMENT = '\uFFFD';

    /// Takes the files found, in no order.
    @FunctionalInterface
    interface Visitor {
        void visit(FolderEntry entry) throws IOException;
    }

    private final Path root;
    private final Visitor visitor;
    private final GapCount gaps = new GapCount();
    private byte[] path = new byte[MAX_KEY_BYTES];

    FolderWalk(Path root, Visitor visitor) {
        this.root = root;
        this.visitor = visitor;
    }

    Gaps walk() throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
            enter(FolderPlace.secure(stream, root), 0, 0);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return gaps.gaps();
    }

    private void enter(SecureDirectoryStream<Path> directory, int pathLength, int depth) throws IOException {
        for (Path entry : directory) {
            Path name = entry.getFileName();
            String text = name.toString();
            if (text.equals(PrivatePrefix.NAME)) {
                countForeign(directory, entry);
                continue;
            }
            if (text.indexOf(REPLACEMENT) >= 0 && !Path.of(text).equals(name)) {
                gaps.add(where(entry), Gap.Kind.UNREADABLE_NAME);
                continue;
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int length = pathLength + bytes.length;
            if (length > MAX_KEY_BYTES) {
                gaps.add(where(entry), Gap.Kind.KEY_TOO_LONG);
                continue;
            }
            System.arraycopy(bytes, 0, path, pathLength, bytes.length);
            visit(directory, entry, length, depth);
        }
    }

    /// Nothing in the private place is listed, so whatever Picket did not put there would be a blind spot.
    private void countForeign(SecureDirectoryStream<Path> parent, Path place) {
        try (SecureDirectoryStream<Path> inside =
                parent.newDirectoryStream(place.getFileName(), LinkOption.NOFOLLOW_LINKS)) {
            for (Path entry : inside) {
                if (!PrivatePrefix.isOwn(entry.getFileName().toString()) || !isFileOrGone(inside, entry)) {
                    gaps.add(where(place), Gap.Kind.PRIVATE_PLACE);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // A file, a link, or a directory of somebody else.
            gaps.add(where(place), Gap.Kind.PRIVATE_PLACE);
        }
    }

    private static boolean isFileOrGone(SecureDirectoryStream<Path> directory, Path entry) throws IOException {
        try {
            return directory
                    .getFileAttributeView(entry.getFileName(), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes()
                    .isRegularFile();
        } catch (NoSuchFileException e) {
            return true; // Released or purged meanwhile.
        }
    }

    private void visit(SecureDirectoryStream<Path> directory, Path entry, int length, int depth) throws IOException {
        Path name = entry.getFileName();
        BasicFileAttributes attributes;
        try {
            attributes = directory
                    .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
        } catch (NoSuchFileException e) {
            return; // Removed since its directory named it: it is no part of this listing.
        } catch (IOException e) {
            gaps.add(where(entry), Gap.Kind.UNREADABLE_ATTRIBUTES);
            return;
        }
        if (attributes.isRegularFile()) {
            visitor.visit(FolderEntry.of(Arrays.copyOf(path, length), attributes));
        } else if (attributes.isSymbolicLink()) {
            gaps.add(where(entry), Gap.Kind.SYMBOLIC_LINK);
        } else if (attributes.isDirectory()) {
            descend(directory, entry, length, depth + 1);
        } else {
            gaps.add(where(entry), Gap.Kind.SPECIAL_FILE);
        }
    }

    private void descend(SecureDirectoryStream<Path> parent, Path entry, int length, int depth) throws IOException {
        if (depth > MAX_DEPTH || length == MAX_KEY_BYTES) {
            gaps.add(where(entry), Gap.Kind.TOO_DEEP);
            return;
        }
        SecureDirectoryStream<Path> opened;
        try {
            opened = parent.newDirectoryStream(entry.getFileName(), LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            gaps.add(where(entry), Gap.Kind.UNREADABLE_DIRECTORY);
            return;
        }
        path[length] = '/';
        try (opened) {
            enter(opened, length + 1, depth);
        } catch (DirectoryIteratorException e) {
            gaps.add(where(entry), Gap.Kind.UNREADABLE_DIRECTORY);
        }
    }

    /// The path below the root, percent-encoded from its raw bytes, so that a name that is no text can be
    /// shown.
    private String where(Path entry) {
        return root.toUri().relativize(entry.toUri()).getRawPath();
    }
}
