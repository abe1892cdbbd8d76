package org.picket.crawler.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.picket.proto.key.KeyOrder;

/// A folder of the local file system. Its listing is an index in the crawler's data directory, built by one
/// walk; pages are read from there. Safe for several threads; one walk runs at a time.
public final class Folder implements Source {

    private static final int ID_BYTES = 8;
    /// Any name with letters outside ASCII: a JVM started in a locale without UTF-8 cannot make a path of it.
    private static final String NEEDS_UTF8 = "\u00fc\u65e5";

    private final Path root;
    private final Optional<Object> rootKey;
    private final Path indexPlace;
    private final IndexBuilder.Bounds bounds;
    private final ReentrantLock building = new ReentrantLock();

    private Folder(Path root, Optional<Object> rootKey, Path indexPlace, IndexBuilder.Bounds bounds) {
        this.root = root;
        this.rootKey = rootKey;
        this.indexPlace = indexPlace;
        this.bounds = bounds;
    }

    /// Opens the folder at `path`.
    ///
    /// @param data an existing directory for the index, outside the folder
    /// @throws SourceException when either is no directory that can be used
    public static Folder open(Path path, Path data) {
        return open(path, data, 1);
    }

    /// One of so many storages of a process, which divide the memory for sorting between them.
    ///
    /// @throws SourceException as the other one
    public static Folder open(Path path, Path data, int storages) {
        return open(path, data, IndexBuilder.Bounds.amongst(storages));
    }

    static Folder open(Path path, Path data, IndexBuilder.Bounds bounds) {
        try {
            Path.of(NEEDS_UTF8);
        } catch (InvalidPathException e) {
            throw new SourceException(
                    "File names with letters outside ASCII cannot be read in this locale. Start Picket with LC_ALL=C.UTF-8.",
                    e);
        }
        try {
            Path root = path.toRealPath();
            if (data.toRealPath().startsWith(root)) {
                throw new SourceException("The data directory " + data + " lies inside the folder " + root
                        + " that is to be scanned. Choose another with --data.");
            }
            FolderPlace.secure(Files.newDirectoryStream(root), root).close();
            return new Folder(root, key(root), data.resolve("listing-" + digest(identity(root)) + ".index"), bounds);
        } catch (NoSuchFileException e) {
            throw new SourceException("There is no folder " + e.getFile() + ". Check the path.", e);
        } catch (NotDirectoryException e) {
            throw new SourceException(path + " is not a folder. Name the folder that holds the files.", e);
        } catch (AccessDeniedException e) {
            throw new SourceException(
                    "The folder " + path + " may not be read. Run Picket as a user who may read it.", e);
        } catch (IOException e) {
            throw new SourceException("The folder " + path + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private static String identity(Path root) {
        return "folder:" + root;
    }

    private static String digest(String identity) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// The folder itself, without symbolic links on the way.
    public Path root() {
        return root;
    }

    /// Whether the directory that was opened is still the one at its path. Where a file system was unmounted or
    /// the directory was exchanged, a missing file says nothing about the file.
    public boolean stands() {
        try {
            return key(root).equals(rootKey);
        } catch (IOException e) {
            return false;
        }
    }

    /// Whether nothing at all lies in it, not even the private prefix. Most likely it is the place of a volume that
    /// is not mounted, so what is missing here may well be there: a missing file says nothing then either.
    public boolean isBare() {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            return !entries.iterator().hasNext();
        } catch (IOException | DirectoryIteratorException e) {
            return true;
        }
    }

    private static Optional<Object> key(Path directory) throws IOException {
        return Optional.ofNullable(Files.readAttributes(directory, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey());
    }

    @Override
    public String storageId() {
        return identity(root);
    }

    @Override
    public void refresh() {
        building.lock();
        try {
            requireWhatWasListed();
            FolderIndex.build(root, indexPlace, bounds, this::stands);
        } catch (IOException e) {
            throw new SourceException("The folder " + root + " could not be listed: " + reason(e), e);
        } finally {
            building.unlock();
        }
    }

    /// Whoever empties a storage is rarer than whoever forgets to mount it, and can say so.
    private void requireWhatWasListed() throws IOException {
        if (!isBare()) {
            return;
        }
        Optional<FolderIndex> earlier = FolderIndex.open(indexPlace);
        if (earlier.isEmpty()) {
            return;
        }
        try (FolderIndex index = earlier.get()) {
            if (index.entries() > 0) {
                throw new SourceException("Nothing at all lies in the folder " + root + ", where "
                        + String.format(Locale.ROOT, "%,d", index.entries())
                        + " objects were listed before. Is its volume mounted? If it was emptied on purpose, make an"
                        + " empty folder in it.");
            }
        }
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException
                ? "access is denied"
                : e.getClass().getSimpleName();
    }

    @Override
    public ListPage list(Scope scope, Optional<String> after, int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit is not in 1.." + MAX_PAGE + ": " + limit);
        }
        return read(index -> index.page(scope, after, limit));
    }

    @Override
    public Iterator<ObjectReference> range(Scope scope, String first, String last) {
        return new RangePages(after -> list(scope, after, MAX_PAGE), KeyRange.before(first), first, last);
    }

    /// Whether the listing holds this very version of this key.
    public boolean lists(String key, String version) {
        ListPage page = list(Scope.ALL, KeyRange.before(key), 1);
        while (true) {
            for (ObjectReference object : page.objects()) {
                int order = KeyOrder.BY_UTF8_BYTES.compare(object.key(), key);
                if (order >= 0) {
                    return order == 0 && object.version().equals(version);
                }
            }
            if (page.next().isEmpty()) {
                return false;
            }
            page = list(Scope.ALL, page.next(), 1);
        }
    }

    @Override
    public Gaps gaps() {
        return read(FolderIndex::gaps);
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read(FolderIndex index) throws IOException;
    }

    private <T> T read(Reading<T> reading) {
        try {
            Optional<FolderIndex> opened = FolderIndex.open(indexPlace);
            if (opened.isEmpty()) {
                buildMissing();
                opened = FolderIndex.open(indexPlace);
            }
            try (FolderIndex index = opened.orElseThrow(() -> new IOException("the index was not kept"))) {
                return reading.read(index);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new SourceException(
                    "The listing of " + root + " kept in " + indexPlace.getParent()
                            + " cannot be read or written. Check the disk and its free space.",
                    e);
        }
    }

    private void buildMissing() throws IOException {
        building.lock();
        try {
            Optional<FolderIndex> meanwhile = FolderIndex.open(indexPlace);
            if (meanwhile.isPresent()) {
                meanwhile.get().close();
            } else {
                refresh();
            }
        } finally {
            building.unlock();
        }
    }

    @Override
    public Fetched fetch(ObjectReference reference, long maxBytes) {
        if (reference.sizeBytes() > Math.min(maxBytes, Integer.MAX_VALUE - Long.BYTES)) {
            return new Fetched.TooLarge(reference.sizeBytes());
        }
        Optional<List<Path>> names = FolderPlace.names(reference.key());
        if (names.isEmpty() || PrivatePrefix.holds(reference.key())) {
            return new Fetched.Unreachable(Fetched.Reason.OUTSIDE_STORAGE);
        }
        try (FolderPlace place = FolderPlace.open(root, names.get())) {
            if (!place.rootKey().equals(rootKey)) {
                return new Fetched.Unreachable(Fetched.Reason.STORAGE_FAULT);
            }
            return read(place, reference);
        } catch (NoSuchFileException e) {
            return missing();
        } catch (AccessDeniedException e) {
            return new Fetched.Unreachable(Fetched.Reason.PERMISSION_DENIED);
        } catch (NotDirectoryException e) {
            return missing();
        } catch (IOException e) {
            return FolderPlace.leadsThroughLink(root, names.get())
                    ? new Fetched.Unreachable(Fetched.Reason.OUTSIDE_STORAGE)
                    : new Fetched.Unreachable(Fetched.Reason.STORAGE_FAULT);
        }
    }

    private Fetched missing() {
        return stands() && !isBare() ? new Fetched.Gone() : new Fetched.Unreachable(Fetched.Reason.STORAGE_FAULT);
    }

    private static Fetched read(FolderPlace place, ObjectReference reference) throws IOException {
        BasicFileAttributes before = attributes(place);
        if (before.isSymbolicLink()) {
            return new Fetched.Unreachable(Fetched.Reason.OUTSIDE_STORAGE);
        }
        // A pipe must not be opened at all: opening it would wait for its writer.
        if (!before.isRegularFile()) {
            return new Fetched.Unreachable(Fetched.Reason.NOT_A_FILE);
        }
        FolderEntry now = entry(reference, before);
        if (!now.version().equals(reference.version())) {
            return new Fetched.Changed(now.reference());
        }
        ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(reference.sizeBytes()));
        boolean longer;
        try (SeekableByteChannel channel = place.directory()
                .newByteChannel(place.name(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            while (content.hasRemaining()) {
                if (channel.read(content) < 0) {
                    break;
                }
            }
            longer = channel.size() != reference.sizeBytes();
        }
        FolderEntry after = entry(reference, attributes(place));
        if (!after.version().equals(reference.version())) {
            return new Fetched.Changed(after.reference());
        }
        return content.hasRemaining() || longer
                ? new Fetched.Unreachable(Fetched.Reason.WRONG_LENGTH)
                : new Fetched.Content(reference, content.array());
    }

    private static FolderEntry entry(ObjectReference reference, BasicFileAttributes attributes) {
        return FolderEntry.of(reference.key().getBytes(StandardCharsets.UTF_8), attributes);
    }

    private static BasicFileAttributes attributes(FolderPlace place) throws IOException {
        return place.directory()
                .getFileAttributeView(place.name(), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    /// The version that a file with these attributes has in a listing.
    public static String version(BasicFileAttributes attributes) {
        return FolderEntry.version(attributes);
    }

    @Override
    public void close() {
        // Nothing is held open between calls.
    }
}
