package org.picket.agent.rollout;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.picket.runtime.terminal.Amounts;

/// The folder of bundles that an agent fetched, within a bound. What has not been used for longest goes first,
/// and what is in use never. For one thread.
public final class BundleStore {
    private static final String BUNDLE = ".bundle";

    private final Path folder;
    private final long most;

    /// @param folder for this agent alone
    /// @param most bytes of all bundles together, and of what is left of downloads
    public BundleStore(Path folder, long most) {
        this.folder = folder;
        this.most = most;
    }

    private record Kept(Path file, long bytes, FileTime used) {}

    /// Where the bundle of that digest is, or is to be.
    Path place(ByteString digest) {
        return folder.resolve(HexFormat.of().formatHex(digest.toByteArray()) + BUNDLE);
    }

    /// Takes note that a bundle is used.
    void used(ByteString digest, Instant now) {
        try {
            if (Files.exists(place(digest))) {
                Files.setLastModifiedTime(place(digest), FileTime.from(now));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a bundle cannot be marked as used: " + e.getMessage(), e);
        }
    }

    /// A file that turned out not to be what it should.
    void drop(ByteString digest) {
        try {
            Files.deleteIfExists(place(digest));
        } catch (IOException e) {
            throw new UncheckedIOException("a damaged bundle cannot be deleted: " + e.getMessage(), e);
        }
    }

    /// Makes room for a bundle; what has come of it already counts for it.
    ///
    /// @param artifact digest of its file
    /// @param keep digests of bundles that stay
    /// @return why there is none
    Optional<String> room(ByteString artifact, long bytes, Set<ByteString> keep) {
        try {
            List<Path> stay = new ArrayList<>(keep.stream().map(this::place).toList());
            String own = HexFormat.of().formatHex(artifact.toByteArray());
            long used = bytes;
            List<Kept> kept = kept();
            for (Kept one : kept) {
                used += one.file().getFileName().toString().startsWith(own) ? 0 : one.bytes();
            }
            for (Kept one : kept) {
                boolean goes = !stay.contains(one.file())
                        && !one.file().getFileName().toString().startsWith(own);
                if (used > most && goes) {
                    Files.delete(one.file());
                    used -= one.bytes();
                }
            }
            return used <= most
                    ? Optional.empty()
                    : Optional.of("its bundles may take " + Amounts.bytes(most)
                            + " (agent.bundle-space), and those that are wanted need " + Amounts.bytes(used));
        } catch (IOException e) {
            throw new UncheckedIOException("the bundles in " + folder + " cannot be looked at: " + e.getMessage(), e);
        }
    }

    /// What is left of downloads first, then the bundles, each in the order of their last use.
    private List<Kept> kept() throws IOException {
        List<Kept> kept = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(BundleStore::ours).toList()) {
                kept.add(new Kept(file, Files.size(file), Files.getLastModifiedTime(file)));
            }
        }
        kept.sort(Comparator.<Kept, Boolean>comparing(one -> !Download.partial(one.file()))
                .thenComparing(Kept::used)
                .thenComparing(Kept::file));
        return kept;
    }

    private static boolean ours(Path file) {
        return Download.partial(file) || file.getFileName().toString().endsWith(BUNDLE);
    }
}
