package org.picket.crawler.image.confinement;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Gives up the sight of files and becomes the child, in the same process with the same pipes. A program of its
/// own because [Landlock] does not reach the threads that a running JVM already has.
final class DecoderLauncher {

    private static final int EXIT_REFUSED = 4;
    private static final String END_OF_FILES = "--";

    /// What the JVM asks the system about itself and the machine.
    private static final List<String> FACTS = List.of(
            "/proc/self",
            "/proc/meminfo",
            "/proc/cpuinfo",
            "/proc/stat",
            "/proc/sys/vm",
            "/sys/devices/system/cpu",
            "/sys/devices/system/node",
            "/sys/fs/cgroup",
            "/sys/kernel/mm/transparent_hugepage",
            "/dev/random",
            "/dev/urandom",
            "/dev/zero");

    private DecoderLauncher() {}

    /// The words in front of the child's command that run it.
    static List<String> prefix(DecoderFiles files) {
        return Stream.of(
                        Stream.of(
                                files.java().toString(),
                                "-Xmx16m",
                                "-Xshare:auto",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-XX:ReservedCodeCacheSize=16m",
                                "-XX:CompressedClassSpaceSize=16m",
                                "-XX:-UsePerfData",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                files.classPath().getFirst().toString(),
                                DecoderLauncher.class.getName(),
                                files.natives().toString()),
                        files.readable().stream().map(Path::toString),
                        Stream.of(END_OF_FILES))
                .flatMap(words -> words)
                .toList();
    }

    /// @param arguments the folder to write, the files to read, `--`, a command by its path
    public static void main(String[] arguments) {
        List<String> words = Arrays.asList(arguments);
        int end = words.indexOf(END_OF_FILES);
        CallNumbers numbers = CallNumbers.ofThisMachine().orElseThrow();
        List<Path> readable = Stream.concat(words.subList(1, end).stream(), FACTS.stream())
                .map(Path::of)
                .toList();
        Landlock.confine(numbers, readable, Path.of(words.getFirst()));
        become(numbers, words.subList(end + 1, words.size()));
    }

    private static void become(CallNumbers numbers, List<String> command) {
        try (Arena arena = Arena.ofConfined()) {
            List<String> environment = System.getenv().entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .toList();
            MemorySegment words = list(arena, command);
            long error = SystemCall.make(
                    numbers.of(CallNumbers.Call.EXECVE),
                    words.get(ValueLayout.JAVA_LONG, 0),
                    words.address(),
                    list(arena, environment).address());
            System.err.println("the decoder cannot be run (error " + -error + ")");
            System.exit(EXIT_REFUSED);
        }
    }

    /// Addresses of the texts, and a 0 behind them.
    private static MemorySegment list(Arena arena, List<String> texts) {
        MemorySegment list = arena.allocate(ValueLayout.JAVA_LONG, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            list.setAtIndex(
                    ValueLayout.JAVA_LONG, i, arena.allocateFrom(texts.get(i)).address());
        }
        return list;
    }
}
