package org.picket.coordinator.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// PostgreSQL's programs, unpacked once from the archive on the class path.
///
/// The folder's name carries the archive's checksum, so that a new version never meets an old one's files; it
/// appears by one rename, so that a killed process leaves no half of it. Of several processes that want it at
/// once, one unpacks it and the others wait.
record ServerBinaries(Path home) {
    /// Files of this size and more are the programs and libraries; a torn one would break every later start.
    private static final long WORTH_SYNCING_BYTES = 64 * 1024;

    private static final int COPY_BYTES = 64 * 1024;
    private static final String FRESH = ".unpack-";
    /// The system's locks hold between processes; this one within.
    private static final ReentrantLock UNPACKING = new ReentrantLock();

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    /// Unpacks below `dir` unless that was done before.
    static ServerBinaries unpackInto(Path dir) {
        String archive = archiveName();
        URL url = ServerBinaries.class.getClassLoader().getResource(archive);
        if (url == null) {
            throw new DatabaseException("this build of Picket has no PostgreSQL for this machine (" + archive
                    + " is not on the class path). Use an external PostgreSQL, or a build for this system.");
        }
        try {
            URLConnection connection = url.openConnection();
            Path home = dir.resolve("postgresql-" + fingerprint(connection));
            if (!Files.isDirectory(home)) {
                Files.createDirectories(dir);
                alone(dir, () -> unpack(connection, dir, home));
            }
            return new ServerBinaries(home);
        } catch (IOException e) {
            throw new DatabaseException(
                    "cannot unpack PostgreSQL below " + dir + ": " + e.getMessage()
                            + ". It needs 80 MB of free space and the right to write there.",
                    e);
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private static void alone(Path dir, Step step) throws IOException {
        UNPACKING.lock();
        try (FileChannel channel = FileChannel.open(
                        dir.resolve(".unpacking"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            step.run();
        } finally {
            UNPACKING.unlock();
        }
    }

    private static void unpack(URLConnection archive, Path dir, Path home) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(dir, FRESH + "*")) {
            for (Path path : left) {
                FileTree.delete(path);
            }
        }
        if (Files.isDirectory(home)) {
            return;
        }
        Path fresh = Files.createTempDirectory(dir, FRESH);
        try (InputStream in = new XZInputStream(new BufferedInputStream(archive.getInputStream(), COPY_BYTES))) {
            unpack(in, fresh);
        }
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String archiveName() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String cpu = machine.equals("aarch64") ? "arm_64" : "x86_64";
        if (system.startsWith("windows")) {
            throw new DatabaseException(
                    "the embedded database does not run on Windows. Use an external PostgreSQL (15 or later) there.");
        }
        return "postgres-" + (system.startsWith("mac") ? "darwin" : "linux") + "-" + cpu + ".txz";
    }

    private static String fingerprint(URLConnection connection) throws IOException {
        if (connection instanceof JarURLConnection jar) {
            return Long.toHexString(jar.getJarEntry().getCrc());
        }
        return Long.toHexString(connection.getContentLengthLong());
    }

    private static void unpack(InputStream in, Path into) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = inside(into, into.resolve(entry.getName()), entry);
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(path.getParent());
                    inside(into, path.getParent().resolve(entry.getLinkName()), entry);
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else if (entry.isFile()) {
                    Files.createDirectories(path.getParent());
                    write(tar, path, entry);
                } else {
                    throw new IOException("unexpected kind of entry in the PostgreSQL archive: " + entry.getName());
                }
            }
        }
    }

    private static Path inside(Path root, Path path, TarArchiveEntry entry) throws IOException {
        Path normal = path.normalize();
        if (!normal.startsWith(root)) {
            throw new IOException("an entry of the PostgreSQL archive points outside it: " + entry.getName());
        }
        return normal;
    }

    private static void write(InputStream content, Path path, TarArchiveEntry entry) throws IOException {
        try (OutputStream out = Files.newOutputStream(path)) {
            content.transferTo(out);
        }
        if (entry.getSize() >= WORTH_SYNCING_BYTES) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
        boolean program = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
