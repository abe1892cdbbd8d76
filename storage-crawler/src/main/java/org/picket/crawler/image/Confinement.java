package org.picket.crawler.image;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What beside its bounds keeps a child from doing harm once an object has taken it over. The strictest way
/// that works on this system is chosen by trying; every program in front only replaces itself, so that the
/// child keeps its process id and its pipes.
///
/// @param prefix words to put before the child's program
/// @param text for people
record Confinement(List<String> prefix, String text) {

    private static final Path SHELL = Path.of("/bin/sh");
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(5);
    private static final String NO_NETWORK = "no network, no new privileges";

    private static final Confinement NONE =
            new Confinement(List.of(), "none but bounds on memory and an empty environment");
    private static final List<Confinement> STRICTEST_FIRST = List.of(
            new Confinement(
                    words("unshare --net --map-root-user -- setpriv --no-new-privs --bounding-set=-all --"),
                    NO_NETWORK + ", no capabilities"),
            new Confinement(words("unshare --net --map-root-user -- setpriv --no-new-privs --"), NO_NETWORK),
            new Confinement(words("setpriv --no-new-privs --"), "no new privileges"));

    /// The strictest way in which a program can still read and write what a child must.
    static Confinement choose(List<String> readable, Path writable) {
        return STRICTEST_FIRST.stream()
                .filter(way -> way.works(readable, writable))
                .findFirst()
                .orElse(NONE);
    }

    private static List<String> words(String command) {
        return List.of(command.split(" "));
    }

    private boolean works(List<String> readable, Path writable) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                SHELL.toString(),
                "-c",
                "test -w \"$1\" || exit 1; shift; for entry; do test -r \"$entry\" || exit 1; done",
                "sh",
                writable.toAbsolutePath().toString()));
        command.addAll(readable);
        try {
            Process probe = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            probe.getOutputStream().close();
            boolean ended = probe.waitFor(PROBE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                probe.destroyForcibly();
            }
            return ended && probe.exitValue() == 0;
        } catch (IOException e) {
            return false; // There is no such program here.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
