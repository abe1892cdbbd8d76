package org.picket.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The one command as a user runs it: a process of its own, which may be killed at any moment.
final class PicketProcess {
    /// For coordinators of which members are killed: their leases come back soon.
    static final Map<String, String> SHORT_LEASES = Map.of("PICKET_LEASE_TTL", "10s");

    /// As many decoders as users have: one for each core.
    static final Map<String, String> ALL_DECODERS = Map.of(
            "PICKET_CRAWLER_DECODERS", Integer.toString(Runtime.getRuntime().availableProcessors()));

    /// A decoder process costs a second of processor time to start, and most drills show it a few dozen pictures.
    private static final Map<String, String> ONE_DECODER = Map.of("PICKET_CRAWLER_DECODERS", "1");

    /// Where it answers, by its own word.
    static final Pattern METRICS = Pattern.compile("metrics at (http://[^/]+)/metrics");

    private static final long LIMIT_SECONDS = 600;
    private static final long LOOK_MILLISECONDS = 50;
    private static final long CLOSE_LOOK_MILLISECONDS = 2;
    private static final long STOP_SECONDS = 30;

    private final Process process;
    private final Path out;
    private final Path err;

    private PicketProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /// What a command said and how it ended.
    record Ended(int status, String out, String err) {
        /// A whole number of the last line's JSON object.
        long number(String field) {
            Matcher matcher = Pattern.compile("\"" + field + "\":(-?\\d+)").matcher(lastLine());
            if (!matcher.find()) {
                throw new AssertionError("no " + field + " in: " + lastLine() + "\nstderr: " + err);
            }
            return Long.parseLong(matcher.group(1));
        }

        /// How many objects a scan came to an end with.
        long ruled() {
            return number("known") + number("cleared") + number("flagged") + number("inconclusive") + number("gone");
        }

        String lastLine() {
            List<String> lines = out.lines().toList();
            return lines.isEmpty() ? "" : lines.getLast();
        }

        /// Fails with all that the command said, unless it ended with that status.
        Ended expect(int expected) {
            if (status != expected) {
                throw new AssertionError(
                        "status " + status + " where " + expected + " was due\nstdout: " + out + "\nstderr: " + err);
            }
            return this;
        }
    }

    static PicketProcess start(Path folder, String... arguments) {
        return start(folder, Map.of(), arguments);
    }

    static PicketProcess start(Path folder, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(PicketProgram.command());
        command.addAll(List.of(arguments));
        return launch(folder, environment, command);
    }

    /// Starts a program that is not Picket's own.
    static PicketProcess startOther(Path folder, List<String> command) {
        return launch(folder, Map.of(), command);
    }

    /// As the other one, with variables.
    static PicketProcess startOther(Path folder, Map<String, String> environment, List<String> command) {
        return launch(folder, environment, command);
    }

    /// Runs a program that is not Picket's own to its end.
    static Ended runOther(Path folder, List<String> command) {
        return startOther(folder, command).end();
    }

    private static PicketProcess launch(Path folder, Map<String, String> environment, List<String> command) {
        try {
            Path out = Files.createTempFile(folder, "out-", ".txt");
            Path err = Files.createTempFile(folder, "err-", ".txt");
            // Whoever starts the tests in a shell's background has them, and all that they start, deaf to Ctrl-C.
            ProcessBuilder builder =
                    new ProcessBuilder(Stream.concat(Stream.of("env", "--default-signal=INT"), command.stream())
                            .toList());
            builder.redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().put("XDG_CONFIG_HOME", folder.toString());
            builder.environment().put("PICKET_PROGRAMS_DIR", PicketProgram.unpacked());
            builder.environment().putAll(ONE_DECODER);
            builder.environment().putAll(environment);
            return new PicketProcess(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs a command to its end.
    static Ended run(Path folder, String... arguments) {
        return start(folder, arguments).end();
    }

    Ended end() {
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + LIMIT_SECONDS + " s\nstderr: " + read(err));
            }
            return new Ended(process.exitValue(), read(out), read(err));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Waits that long, then kills the process as `kill -9` does, unless it has ended by itself.
    ///
    /// @return whether it was killed
    boolean killAfter(long milliseconds) {
        try {
            if (process.waitFor(milliseconds, TimeUnit.MILLISECONDS)) {
                return false;
            }
            process.destroyForcibly().waitFor();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Kills the process as soon as something has come about, unless it has ended by itself before.
    ///
    /// @return whether it was killed
    boolean killWhen(BooleanSupplier happened) {
        try {
            while (!happened.getAsBoolean()) {
                if (process.waitFor(CLOSE_LOOK_MILLISECONDS, TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return killAfter(0);
    }

    /// @return whether it ended within that time
    boolean endsWithin(long milliseconds) throws InterruptedException {
        return process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
    }

    long pid() {
        return process.pid();
    }

    /// What it has said to people so far.
    String errors() {
        return read(err);
    }

    /// What it has put out so far.
    String output() {
        return read(out);
    }

    /// Waits until what it has said to people matches.
    void awaitErrors(Pattern words) {
        await(err, words);
    }

    /// Waits until what it has put out matches.
    ///
    /// @return the first group, or else the whole match
    String awaitOutput(Pattern words) {
        await(out, words);
        Matcher matcher = words.matcher(read(out));
        if (!matcher.find()) {
            throw new AssertionError("no longer said: " + words);
        }
        return matcher.group(Math.min(1, matcher.groupCount()));
    }

    private void await(Path file, Pattern words) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        try {
            while (!words.matcher(read(file)).find()) {
                if (process.waitFor(LOOK_MILLISECONDS, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                    if (words.matcher(read(file)).find()) {
                        return;
                    }
                    throw new AssertionError(
                            "never said " + words + "\nstdout: " + read(out) + "\nstderr: " + read(err));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Ends it, in good order where it does so soon.
    void stop() {
        if (process.isAlive()) {
            signal("CONT");
            interrupt();
            killAfter(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
        }
    }

    /// What it tells for Prometheus; empty: it has not said where.
    Optional<String> scrape(HttpClient client) {
        Matcher at = METRICS.matcher(errors());
        if (!at.find()) {
            return Optional.empty();
        }
        try {
            return Optional.of(client.send(
                            HttpRequest.newBuilder(URI.create(at.group(1) + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Asks it to stop, as Ctrl-C does.
    void interrupt() {
        signal("INT");
    }

    /// Sends it a signal, by name.
    void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Waits until no process is left whose command line or working folder names the data folder.
    static void awaitNoOrphan(Path data) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        List<String> left = processesOf(data);
        while (!left.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("processes left behind: " + left);
            }
            Thread.onSpinWait();
            left = processesOf(data);
        }
    }

    /// Linux tells command lines below /proc; this test runs there.
    private static List<String> processesOf(Path data) {
        String name = data.toAbsolutePath().toString();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(path -> path.getFileName().toString().chars().allMatch(Character::isDigit))
                    .filter(path -> !path.getFileName()
                            .toString()
                            .equals(Long.toString(ProcessHandle.current().pid())))
                    .map(path -> commandLine(path) + " in " + workingFolder(path))
                    .filter(text -> text.contains(name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String commandLine(Path process) {
        try {
            return new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8)
                    .replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }

    private static String workingFolder(Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
