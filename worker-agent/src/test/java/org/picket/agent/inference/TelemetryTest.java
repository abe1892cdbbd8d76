package org.picket.agent.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.model.InstantBundle;

class TelemetryTest {
    @TempDir
    Path home;

    /// Runs in a process of its own: the runtime looks for its switch once per process.
    @Test
    void runtimeLeavesNoTraceAndBearsALongCommandLine() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String classPath = System.getProperty("java.class.path") + File.pathSeparator + "x".repeat(6_000);
        ProcessBuilder builder = new ProcessBuilder(
                java.toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Duser.home=" + home,
                "-cp",
                classPath,
                Started.class.getName());
        builder.environment().remove(Telemetry.SWITCH);
        builder.environment().remove("CI");
        builder.environment().put("HOME", home.toString());
        builder.environment().remove("XDG_CACHE_HOME");
        Path log = home.resolve("log");
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        assertTrue(ended, "the process still runs after a minute");
        assertEquals(0, process.exitValue(), () -> read(log));
        assertTrue(read(log).contains("Passed"), () -> read(log));
        try (Stream<Path> left = Files.list(home)) {
            assertEquals(List.of(log), left.toList());
        }
        Path maker = Path.of("/tmp", "mat-debug-" + process.pid() + ".log");
        assertTrue(Files.notExists(maker), maker::toString);
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException cause) {
            return cause.toString();
        }
    }

    /// Starts an engine.
    static final class Started {
        private Started() {}

        public static void main(String[] arguments) {
            var bundle = TestGraphs.bundle(InstantBundle.file(8, List.of("red")));
            try (Engine engine = Engine.start(bundle, EngineSettings.cpu(1)).orThrow()) {
                System.out.println(GoldenCheck.run(engine, bundle));
            }
        }
    }
}
