package org.picket.agent.pack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.picket.agent.disk.Room;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;

/// The folder of provider packs, each unpacked below the SHA-256 of its file.
///
/// @param folder for this agent alone: what lies there is loaded
/// @param disk that it lies on
public record PackStore(Path folder, Disk disk) {
    private static final int MOST_ENTRIES = 64;
    private static final int NOTE_BYTES = 4_096;
    private static final int STEP = 1 << 20;
    private static final String FRESH = ".new";
    private static final String SUMS = "SHA256SUMS";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /// On the disk of that folder.
    public PackStore(Path folder) {
        this(folder, within -> Files.getFileStore(within).getUsableSpace());
    }

    /// Tells how many bytes are free below a folder.
    @FunctionalInterface
    public interface Disk {
        /// Bytes that may be written.
        long free(Path folder) throws IOException;
    }

    /// What came of taking a pack in.
    public sealed interface Install {
        /// It is there.
        record Installed(ProviderPack pack) implements Install {}

        /// It must not be used.
        ///
        /// @param inWords what happened and what to do
        record Refused(String inWords) implements Install {}
    }

    /// Those that are there, of any platform and version, in the order of their providers' names from the end: `cuda`
    /// before `cpu`.
    public List<ProviderPack> installed() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(one -> !one.getFileName().toString().endsWith(FRESH))
                    .flatMap(one -> read(one).stream())
                    .sorted(Comparator.comparing(ProviderPack::provider).reversed())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the provider packs in " + folder + " cannot be looked at: " + e.getMessage(), e);
        }
    }

    private static Optional<ProviderPack> read(Path one) {
        try {
            Path note = one.resolve(ProviderPack.NOTE);
            return Files.isRegularFile(note) && Files.size(note) <= NOTE_BYTES
                    ? ProviderPack.of(one, Files.readString(note))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// SHA-256 of a file.
    public static Digest digest(Path file) throws IOException {
        MessageDigest digest = Digest.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            byte[] step = new byte[STEP];
            while (in.read(step) >= 0) {
                // The stream digests what passes.
            }
        }
        return Digest.finish(digest);
    }

    /// Unpacks a pack for this platform; where that was done before, nothing is left to do. A list of sums that
    /// lies beside the file must not have another one for it.
    public Install install(Path file, Platform platform) {
        try {
            Digest digest = digest(file);
            Optional<String> other = listed(file).filter(sum -> !sum.equals(digest.hex()));
            if (other.isPresent()) {
                return new Install.Refused(file + " is not the pack that " + SUMS + " beside it names: its SHA-256 is "
                        + digest.hex() + ". Fetch it again");
            }
            Path place = folder.resolve(digest.hex());
            Optional<ProviderPack> there = read(place);
            if (there.isPresent()) {
                Optional<String> misfit = there.get().misfit(platform);
                if (misfit.isPresent()) {
                    return misfit(file, misfit.get());
                }
                return new Install.Installed(there.get());
            }
            return unpack(file, place, platform);
        } catch (IOException e) {
            return new Install.Refused("the provider pack " + file + " cannot be read or unpacked below " + folder
                    + " (" + e.getMessage() + "); see that it is whole, and that the disk has room");
        }
    }

    /// The sum that a list beside the file has for it.
    private static Optional<String> listed(Path file) throws IOException {
        Path sums = file.toAbsolutePath().resolveSibling(SUMS);
        if (!Files.isRegularFile(sums) || Files.size(sums) > STEP) {
            return Optional.empty();
        }
        return Files.readAllLines(sums).stream()
                .map(line -> line.strip().split("\\s+\\*?", 2))
                .filter(words ->
                        words.length == 2 && words[1].equals(file.getFileName().toString()))
                .map(words -> words[0])
                .findFirst();
    }

    private static Install misfit(Path file, String why) {
        return new Install.Refused("the provider pack " + file + " cannot be used: " + why);
    }

    private Install unpack(Path file, Path place, Platform platform) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Optional<ProviderPack> pack = note(zip, place);
            if (pack.isEmpty()) {
                return new Install.Refused(file + " is no provider pack: it has no " + ProviderPack.NOTE);
            }
            Optional<String> misfit = pack.get().misfit(platform);
            if (misfit.isPresent()) {
                return misfit(file, misfit.get());
            }
            Optional<String> wrong = wrong(zip);
            if (wrong.isPresent()) {
                return new Install.Refused("the provider pack " + file + " must not be used: " + wrong.get());
            }
            Path fresh = folder.resolve(place.getFileName() + FRESH);
            delete(fresh);
            create(fresh);
            for (ZipEntry entry : Collections.list(zip.entries())) {
                copy(zip, entry, fresh.resolve(entry.getName()));
            }
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
            return new Install.Installed(pack.get());
        }
    }

    private static Optional<ProviderPack> note(ZipFile zip, Path place) throws IOException {
        Optional<ZipEntry> entry = Optional.ofNullable(zip.getEntry(ProviderPack.NOTE));
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = zip.getInputStream(entry.get())) {
            return ProviderPack.of(place, new String(in.readNBytes(NOTE_BYTES), StandardCharsets.UTF_8));
        }
    }

    private Optional<String> wrong(ZipFile zip) throws IOException {
        List<? extends ZipEntry> entries = Collections.list(zip.entries());
        if (entries.size() > MOST_ENTRIES
                || !entries.stream()
                        .allMatch(entry -> NAME.matcher(entry.getName()).matches())) {
            return Optional.of("it has more than " + MOST_ENTRIES + " files, or names that are none");
        }
        long bytes = 0;
        for (ZipEntry entry : entries) {
            if (entry.getSize() < 0 || entry.getSize() > Limits.ARTIFACT_BYTES) {
                return Optional.of("a file in it is too large, or does not say how large it is");
            }
            bytes += entry.getSize();
        }
        return Room.lacking(bytes, disk.free(folder), folder).map(lack -> "unpacked " + lack);
    }

    /// Nothing beyond what the entry announces.
    private static void copy(ZipFile zip, ZipEntry entry, Path to) throws IOException {
        try (InputStream in = zip.getInputStream(entry);
                OutputStream out = Files.newOutputStream(to)) {
            byte[] step = new byte[STEP];
            long left = entry.getSize();
            for (int read = in.read(step); read >= 0; read = in.read(step)) {
                left -= read;
                if (left < 0) {
                    throw new IOException(entry.getName() + " is larger than it says");
                }
                out.write(step, 0, read);
            }
        }
    }

    /// Its owner's alone from the first moment on.
    private static void create(Path fresh) throws IOException {
        if (fresh.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectory(
                    fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectory(fresh);
        }
    }

    /// What was left of an attempt that broke off.
    private static void delete(Path fresh) throws IOException {
        if (!Files.exists(fresh)) {
            return;
        }
        try (Stream<Path> files = Files.list(fresh)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(fresh);
    }
}
