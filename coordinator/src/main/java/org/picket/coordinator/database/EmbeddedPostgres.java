package org.picket.coordinator.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL server of our own: unpacked, initialised, started and stopped here.
///
/// A crash at any point leaves a directory from which the next start goes on: programs and data appear by
/// rename, the lock goes with the process, the watchdog stops the server, and whatever still runs is ended
/// first.
///
/// Thread-safe: everything is settled when [#start] returns; [#close] may be called once, by anyone.
final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final int START_ATTEMPTS = 20;
    private static final long ATTEMPT_PAUSE_NANOS = 250_000_000L;
    /// Making a cluster takes a second or two, more on a slow disk.
    private static final int SWEEP_ATTEMPTS = 120;
    private static final long LEAST_FREE_BYTES = 128L * 1024 * 1024;
    private static final int MAX_CONNECTIONS = 64;

    private final DirectoryLock lock;
    private final ServerProcess process;
    private final ServerCluster cluster;
    private final int port;

    private EmbeddedPostgres(DirectoryLock lock, ServerProcess process, ServerCluster cluster, int port) {
        this.lock = lock;
        this.process = process;
        this.cluster = cluster;
        this.port = port;
    }

    /// Starts the server of `settings.dir()`, making whatever is not there yet.
    static EmbeddedPostgres start(DatabaseSettings.Embedded settings) {
        return start(settings, List.of());
    }

    /// With settings of the server's own on top, as `name=value`: tests of other things need no durable disk.
    static EmbeddedPostgres start(DatabaseSettings.Embedded settings, List<String> overrides) {
        long begin = System.nanoTime();
        prepare(settings.dir());
        DirectoryLock lock = DirectoryLock.take(settings.dir());
        try {
            EmbeddedPostgres server = startLocked(settings, overrides, lock);
            LOG.info(
                    "database: PostgreSQL ready in {} ms (process {}, port {})",
                    (System.nanoTime() - begin) / 1_000_000,
                    server.process.pid(),
                    server.port);
            return server;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /// The address of one of this server's databases.
    String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?sslmode=disable&gssEncMode=disable";
    }

    String user() {
        return ServerCluster.NAME;
    }

    String password() {
        return cluster.password();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        try {
            process.close();
        } finally {
            lock.close();
        }
    }

    private static EmbeddedPostgres startLocked(
            DatabaseSettings.Embedded settings, List<String> overrides, DirectoryLock lock) {
        Path dir = settings.dir();
        sweep(dir);
        ServerBinaries binaries = ServerBinaries.unpackInto(settings.programs());
        ServerCluster cluster = ServerCluster.below(dir);
        ServerAccount account = ServerAccount.choose(dir, binaries, cluster.data());
        if (cluster.exists()) {
            cluster.requireOurVersion();
            LeftoverServer.end(cluster.data());
        } else {
            cluster.create(binaries, account);
        }
        String log = "";
        for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
            int port = freePort();
            List<String> command =
                    account.command(binaries.program("postgres"), arguments(settings, overrides, cluster, port));
            switch (ServerProcess.start(command, cluster.data(), dir.resolve("start.log"), port)) {
                case ServerProcess.Outcome.Started started -> {
                    return new EmbeddedPostgres(lock, started.server(), cluster, port);
                }
                case ServerProcess.Outcome.Failed failed -> log = failed.log();
            }
            if (!passes(log)) {
                break;
            }
            LockSupport.parkNanos(ATTEMPT_PAUSE_NANOS);
        }
        throw new DatabaseException("the database in " + dir + " does not start: "
                + ServerFailure.explain(log, cluster.data()) + " (the server's log: "
                + cluster.data().resolve("log")
                + ")");
    }

    /// Two troubles pass by themselves: somebody took the port first; the processes of a killed server still
    /// end.
    private static boolean passes(String log) {
        return log.contains("Address already in use")
                || log.contains("could not create any TCP/IP sockets")
                || log.contains("pre-existing shared memory block");
    }

    private static List<String> arguments(
            DatabaseSettings.Embedded settings, List<String> overrides, ServerCluster cluster, int port) {
        List<String> values = new ArrayList<>(List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "password_encryption=scram-sha-256",
                "max_connections=" + MAX_CONNECTIONS,
                "shared_buffers=" + settings.sharedBuffersMebibytes() + "MB",
                "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on",
                "wal_compression=on",
                "wal_buffers=4MB",
                "max_wal_size=1GB",
                "checkpoint_timeout=10min",
                "autovacuum_naptime=15s",
                "jit=off",
                "timezone=UTC"));
        values.addAll(ServerLog.settings());
        values.addAll(overrides);
        List<String> words = new ArrayList<>(List.of("-D", cluster.data().toString()));
        for (String value : values) {
            words.add("-c");
            words.add(value);
        }
        return words;
    }

    private static void prepare(Path dir) {
        try {
            if (!Files.isDirectory(dir)) {
                Files.createDirectories(dir.getParent());
                Files.createDirectory(
                        dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            long free = Files.getFileStore(dir).getUsableSpace();
            if (free < LEAST_FREE_BYTES) {
                throw new DatabaseException("the disk that holds " + dir + " has " + free / (1024 * 1024)
                        + " MiB left; the database needs at least " + LEAST_FREE_BYTES / (1024 * 1024)
                        + ". Free some space, or choose another directory.");
            }
        } catch (AccessDeniedException e) {
            throw new DatabaseException(
                    "no right to create the database directory " + dir
                            + ". Create it for this user, or choose another one.",
                    e);
        } catch (IOException e) {
            throw new DatabaseException(
                    "cannot create the database directory " + dir + ": " + e.getMessage()
                            + ". Choose a directory on a local disk that this user may write to.",
                    e);
        }
    }

    /// What a killed start left half made.
    private static void sweep(Path dir) {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(dir, ".{cluster,output,probe}-*")) {
            for (Path path : left) {
                delete(path);
            }
        } catch (IOException e) {
            throw new DatabaseException("cannot clear half-made files in " + dir + ": " + e.getMessage(), e);
        }
    }

    /// A program that a killed start was running still writes there for some moments.
    private static void delete(Path path) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                FileTree.delete(path);
                return;
            } catch (NoSuchFileException | DirectoryNotEmptyException changing) {
                if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
                    return;
                }
                if (attempt == SWEEP_ATTEMPTS) {
                    throw changing;
                }
            }
            LockSupport.parkNanos(ATTEMPT_PAUSE_NANOS);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new DatabaseException("no free port on 127.0.0.1: " + e.getMessage(), e);
        }
    }
}
