package org.picket.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The program under test as the build packs it: the jars that users run, and none of the tests' own classes or
/// resources. The many short runs of the drills start from a class cache, as those of `./picket` do.
final class PicketProgram {
    private static final long TRAINING_SECONDS = 240;
    private static final Path JARS = Path.of("..", "picket", "target", "dist", "lib");
    private static final Path DECODERS = Path.of("target", "decoders.aot").toAbsolutePath();
    /// Made once for all drills of this JVM.
    private static final List<String> COMMAND = trained();

    private PicketProgram() {}

    /// The words before the arguments of the one command.
    static List<String> command() {
        return COMMAND;
    }

    /// Those of another release of the program, which start without a class cache.
    ///
    /// @param jars its folder
    static List<String> command(Path jars) {
        return words(jars, "-XX:AOTMode=off");
    }

    /// Where this build's jars are.
    static Path jars() {
        return JARS.toAbsolutePath().normalize();
    }

    /// One folder for what each of the many data folders would have unpacked again.
    static String unpacked() {
        return Path.of("target", "programs").toAbsolutePath().toString();
    }

    private static List<String> trained() {
        Path jars = jars();
        if (!Files.isDirectory(jars)) {
            throw new IllegalStateException("no program in " + jars + ": `mvn verify` builds it before these tests");
        }
        try {
            Path folder = Path.of("target").toAbsolutePath();
            Path cache = folder.resolve("classes.aot");
            Files.deleteIfExists(cache);
            Files.deleteIfExists(DECODERS);
            Path log = folder.resolve("classes.log");
            Process training = new ProcessBuilder(
                            Stream.concat(words(jars, "-XX:AOTCacheOutput=" + cache).stream(), Stream.of("selftest"))
                                    .toList())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!training.waitFor(TRAINING_SECONDS, TimeUnit.SECONDS)) {
                training.destroyForcibly();
            }
            if (training.waitFor() != 0 || !Files.exists(cache)) {
                throw new IllegalStateException("the selftest did not end well:\n" + Files.readString(log));
            }
            return words(jars, "-XX:AOTCache=" + cache);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<String> words(Path jars, String cacheFlag) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx512m",
                // Of commands that run for seconds, the compiler's last tier costs more than it brings.
                "-XX:TieredStopAtLevel=1",
                cacheFlag,
                "-Xlog:aot*=off",
                "-Xlog:cds*=off",
                "-Djava.awt.headless=true",
                "-Dpicket.decoder.classes=" + DECODERS,
                "-cp",
                jars + "/*",
                "org.picket.cli.Main");
    }
}
