package org.picket.runtime.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InterruptionTest {
    @Test
    void processThatIsAskedToEndStopsInOrderAndEndsWithItsOwnStatus() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Interrupted.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = process.inputReader()) {
            List<String> lines = new ArrayList<>();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                if (line.equals(LifeState.READY.name())) {
                    // SIGTERM.
                    process.toHandle().destroy();
                }
            }
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(
                    List.of("+database", "+services", "READY", "DRAINING", "-services", "-database", "STOPPED"), lines);
            assertEquals(Interrupted.STATUS, process.exitValue());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void nothingComesOfListeningAlone() {
        try (Interruption interruption = Interruption.listen(() -> {})) {
            assertFalse(interruption.came());
        }
    }
}
