package org.picket.coordinator.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A running server under a watchdog.
///
/// The watchdog is a shell of a few lines which holds the other end of a pipe from this process. When this
/// process closes the pipe, or dies in any way (`kill -9` too: the system closes it), the watchdog tells the
/// server to stop fast. It runs in a session of its own, so that Ctrl-C at a terminal reaches Picket first and
/// the server last.
final class ServerProcess implements AutoCloseable {
    private static final String WATCHDOG = """
            trap '' INT HUP TERM
            exec 3<&0 </dev/null
            "$@" 3<&- &
            server=$!
            ( read -r line <&3; kill -INT "$server" 2>/dev/null ) &
            reader=$!
            wait "$server"
            status=$?
            kill -KILL "$reader" 2>/dev/null
            exit "$status"
            """;

    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration FAST_STOP_LIMIT = Duration.ofSeconds(60);
    private static final Duration IMMEDIATE_STOP_LIMIT = Duration.ofSeconds(20);
    private static final long LOOK_MILLIS = 5;

    private final Process watchdog;
    private final Path data;
    private final long pid;

    private ServerProcess(Process watchdog, Path data, long pid) {
        this.watchdog = watchdog;
        this.data = data;
        this.pid = pid;
    }

    /// How a start went.
    sealed interface Outcome {
        record Started(ServerProcess server) implements Outcome {}

        /// @param log the end of what the server wrote
        record Failed(String log) implements Outcome {}
    }

    /// Starts `command` and waits until it says in its `postmaster.pid` that it takes connections on `port`.
    static Outcome start(List<String> command, Path data, Path log, int port) {
        Optional<PostmasterFile> before = PostmasterFile.read(data);
        try {
            Process watchdog = ServerProgram.builder(watched(command))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            long deadline = System.nanoTime() + START_LIMIT.toNanos();
            while (System.nanoTime() - deadline < 0) {
                if (watchdog.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return new Outcome.Failed(ServerProgram.tail(log) + "\n" + ServerLog.tail(data));
                }
                Optional<PostmasterFile> file = PostmasterFile.read(data);
                if (file.isPresent() && !file.equals(before) && file.get().readyOn(port)) {
                    return new Outcome.Started(
                            new ServerProcess(watchdog, data, file.get().pid()));
                }
            }
            watchdog.getOutputStream().close();
            return new Outcome.Failed("FATAL: not ready after " + START_LIMIT.toSeconds() + " s");
        } catch (IOException e) {
            throw new DatabaseException("cannot start the database server of " + data + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException("interrupted while starting the database", e);
        }
    }

    long pid() {
        return pid;
    }

    boolean isAlive() {
        return watchdog.isAlive();
    }

    /// Stops the server fast (open transactions are rolled back, everything committed is kept) and waits for
    /// its end.
    @Override
    public void close() {
        try {
            watchdog.getOutputStream().close();
        } catch (IOException e) {
            LeftoverServer.signal("INT", pid);
        }
        if (ended(FAST_STOP_LIMIT)) {
            return;
        }
        LeftoverServer.signal("QUIT", pid);
        if (!ended(IMMEDIATE_STOP_LIMIT)) {
            throw new DatabaseException("the database server (process " + pid + ") of " + data
                    + " does not stop. End it before you start Picket again.");
        }
    }

    private boolean ended(Duration limit) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (true) {
                try {
                    return watchdog.waitFor(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true; // a server must not be left behind because somebody is in a hurry
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static List<String> watched(List<String> command) {
        List<String> words = new ArrayList<>();
        if (onPath("setsid")) {
            words.add("setsid");
        }
        words.addAll(List.of("sh", "-c", WATCHDOG, "picket-database"));
        words.addAll(command);
        return words;
    }

    private static boolean onPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        for (String folder : path.split(":")) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
