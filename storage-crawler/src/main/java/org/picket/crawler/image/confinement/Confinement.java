package org.picket.crawler.image.confinement;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What beside its bounds keeps a child from doing harm once an object has taken it over. The strictest way
/// that works on this system is chosen by trying. What a child does to itself comes on top: see [CallFilter].
///
/// @param prefix words to put before the child's program
/// @param hidesFiles whether a child sees no other files than those of its own program
/// @param text for people
public record Confinement(List<String> prefix, boolean hidesFiles, String text) {

    private static final String SHELL = "/bin/sh";
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(5);
    private static final String NO_CAPABILITIES = "setpriv --no-new-privs --bounding-set=-all --";
    private static final String NO_NEW_PRIVILEGES = "setpriv --no-new-privs --";
    private static final String APART = "unshare --net --ipc --uts --map-root-user -- ";

    private record Way(String command, String text) {}

    /// Each of these programs only replaces itself, so that a child keeps its process id.
    private static final List<Way> WITHOUT_BUBBLEWRAP = List.of(
            new Way(APART + NO_CAPABILITIES, "no network, no new privileges, no capabilities"),
            new Way(APART + NO_NEW_PRIVILEGES, "no network, no new privileges"),
            new Way(NO_CAPABILITIES, "no new privileges, no capabilities"),
            new Way(NO_NEW_PRIVILEGES, "no new privileges"),
            new Way("", "bounds on memory, an empty environment"));

    /// The strictest way in which a program can still read and write what a child must.
    public static Confinement choose(DecoderFiles files) {
        return waysThatWork(files).findFirst().orElseThrow();
    }

    /// Strictest first; at least one. Each is tried when it is asked for.
    public static Stream<Confinement> waysThatWork(DecoderFiles files) {
        return Stream.concat(
                Stream.of(files).flatMap(Confinement::byBubblewrap),
                WITHOUT_BUBBLEWRAP.stream().flatMap(way -> without(way, files)));
    }

    private static Stream<Confinement> byBubblewrap(DecoderFiles files) {
        return works(bubblewrap(files, List.of(Path.of(SHELL))), files)
                ? Stream.of(new Confinement(
                        bubblewrap(files, List.of()),
                        true,
                        "bubblewrap: no network, no new privileges, no capabilities, no sight of other files and "
                                + "processes"))
                : Stream.empty();
    }

    private static Stream<Confinement> without(Way way, DecoderFiles files) {
        List<String> words = Stream.of(way.command().split(" "))
                .filter(word -> !word.isEmpty())
                .toList();
        if (!works(words, files)) {
            return Stream.empty();
        }
        Confinement plain = new Confinement(words, false, way.text());
        if (Landlock.version() == 0) {
            return Stream.of(plain);
        }
        return Stream.of(
                new Confinement(
                        joined(words, DecoderLauncher.prefix(files)),
                        true,
                        way.text() + ", no sight of other files (Landlock)"),
                plain);
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /// All namespaces apart, nothing there but what a child needs, and that not to be written but for the folder
    /// of natives.
    ///
    /// @param programs to run in it beside the JVM
    private static List<String> bubblewrap(DecoderFiles files, List<Path> programs) {
        List<String> words = new ArrayList<>(List.of(
                "bwrap",
                "--unshare-all",
                "--die-with-parent",
                "--as-pid-1",
                "--new-session",
                "--cap-drop",
                "ALL",
                "--proc",
                "/proc",
                "--dev",
                "/dev"));
        for (Path path :
                Stream.concat(files.readable().stream(), programs.stream()).toList()) {
            words.addAll(List.of("--ro-bind", path.toString(), path.toString()));
        }
        String natives = files.natives().toString();
        words.addAll(List.of("--bind", natives, natives, "--remount-ro", "/", "--chdir", "/", "--"));
        return words;
    }

    private static boolean works(List<String> prefix, DecoderFiles files) {
        if (prefix.isEmpty()) {
            return true;
        }
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                SHELL,
                "-c",
                "test -w \"$1\" || exit 1; shift; for entry; do test -r \"$entry\" || exit 1; done",
                "sh",
                files.natives().toString(),
                files.java().toString()));
        files.classPath().forEach(entry -> command.add(entry.toString()));
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
