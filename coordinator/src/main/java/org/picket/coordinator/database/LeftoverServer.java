package org.picket.coordinator.database;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A server of a directory whose owner died: ended before a new one starts, so that never two work on the same
/// files.
///
/// Call it only with the directory's lock held: then no living Picket owns whatever is found.
final class LeftoverServer {
    private static final Duration FAST_STOP_LIMIT = Duration.ofSeconds(60);
    private static final Duration IMMEDIATE_STOP_LIMIT = Duration.ofSeconds(20);
    private static final Path PROCESSES = Path.of("/proc");

    private LeftoverServer() {}

    /// Stops what still runs on `data`, and forgets a stale `postmaster.pid` that would keep a new server away.
    static void end(Path data) {
        Optional<PostmasterFile> file = PostmasterFile.read(data);
        if (file.isEmpty()) {
            return;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(file.get().pid()).filter(ProcessHandle::isAlive);
        if (process.isEmpty()) {
            return; // PostgreSQL clears a dead server's file by itself, after it looked at the shared memory
        }
        if (serves(process.get(), data)) {
            stop(process.get(), data);
        } else if (nobodyWorksIn(data)) {
            forget(data);
        }
    }

    private static void stop(ProcessHandle server, Path data) {
        signal("INT", server.pid());
        if (ended(server, FAST_STOP_LIMIT)) {
            return;
        }
        signal("QUIT", server.pid());
        if (!ended(server, IMMEDIATE_STOP_LIMIT)) {
            throw new DatabaseException("a PostgreSQL left over from an earlier run (process " + server.pid()
                    + ") still works on " + data + " and does not stop. End it, then start Picket again.");
        }
    }

    /// Sends a signal by the shell's own `kill`, which every Unix has; a process that is gone is no error.
    static void signal(String name, long pid) {
        try {
            new ProcessBuilder(List.of("sh", "-c", "kill -" + name + " " + pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(IMMEDIATE_STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            throw new DatabaseException("cannot signal the database server, process " + pid, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException("interrupted while stopping a database server", e);
        }
    }

    private static boolean ended(ProcessHandle process, Duration limit) {
        try {
            process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException("interrupted while stopping a database server", e);
        }
    }

    /// A process id may have gone to a stranger since; a server's working directory is its data directory.
    private static boolean serves(ProcessHandle process, Path data) {
        Path link = PROCESSES.resolve(Long.toString(process.pid())).resolve("cwd");
        if (Files.exists(PROCESSES.resolve("self"))) {
            return worksIn(link, data);
        }
        return process.info().command().map(name -> name.endsWith("postgres")).orElse(false);
    }

    private static boolean nobodyWorksIn(Path data) {
        if (!Files.exists(PROCESSES.resolve("self"))) {
            return false; // it cannot be known here: leave the decision to PostgreSQL
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path process : all) {
                if (worksIn(process.resolve("cwd"), data)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean worksIn(Path link, Path data) {
        try {
            return Files.readSymbolicLink(link).equals(data.toRealPath());
        } catch (IOException e) {
            return false; // gone meanwhile, or another user's: ours are always readable
        }
    }

    private static void forget(Path data) {
        try {
            Files.deleteIfExists(PostmasterFile.in(data));
        } catch (IOException e) {
            throw new DatabaseException(
                    "cannot delete the stale " + PostmasterFile.in(data) + ": " + e.getMessage(), e);
        }
    }
}
