package org.picket.coordinator.database;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// One run of a short program: what it was told, how it ended, the end of what it printed.
final class ServerProgram {
    private static final Set<String> INHERITED =
            Set.of("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SystemRoot", "TEMP");

    private static final int TAIL_BYTES = 4096;

    private ServerProgram() {}

    /// How a program ended.
    record Result(int exit, String output) {
        boolean succeeded() {
            return exit == 0;
        }
    }

    /// Runs `command`, hands it `input`, and waits at most `limit` for its end.
    static Result run(List<String> command, String input, Path scratch, Duration limit) {
        try {
            Path output = Files.createTempFile(scratch, ".output-", "");
            try {
                Process process = builder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                try (OutputStream in = process.getOutputStream()) {
                    in.write(input.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    // It ended before it read everything: its exit status says why.
                }
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    return new Result(-1, command.getFirst() + " did not end within " + limit.toSeconds() + " s");
                }
                return new Result(process.exitValue(), tail(output));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            return new Result(-1, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException("interrupted while starting the database", e);
        }
    }

    /// A process with a fixed language and time zone, so that its messages can be read by a program, and with
    /// nothing else of this process's environment than it needs: storage credentials may be in there, and as
    /// root the server runs as an account that others share.
    static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        return builder;
    }

    /// The last lines of a file, at most 4 KiB; empty when there is none.
    static String tail(Path file) {
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try (var channel = Files.newByteChannel(file)) {
            long from = Math.max(0, channel.size() - TAIL_BYTES);
            channel.position(from);
            ByteBuffer bytes = ByteBuffer.allocate(TAIL_BYTES);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // read until full or at the end
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "(" + file + " cannot be read: " + e.getMessage() + ")";
        }
    }
}
