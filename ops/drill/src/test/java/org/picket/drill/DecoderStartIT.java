package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Decoder processes start from the classes that were kept after the build, also where they see no other files.
class DecoderStartIT {
    private static final String KEPT = "decoders.aot";

    @TempDir
    private Path folder;

    @Test
    void decodersMapTheClassesThatWereKept() throws InterruptedException {
        Path samples = Admin.samples(folder, 24, 3);
        PicketProcess scan = Admin.of(folder, "data").start("scan", samples.toString(), "--json");
        boolean mapped = false;
        while (!scan.endsWithin(20)) {
            mapped = mapped
                    || ProcessHandle.of(scan.pid()).stream()
                            .flatMap(ProcessHandle::descendants)
                            .anyMatch(DecoderStartIT::mapsKept);
        }
        scan.end().expect(0);
        assertTrue(mapped, "no decoder process has mapped " + KEPT);
    }

    private static boolean mapsKept(ProcessHandle process) {
        try {
            Path maps = Path.of("/proc", Long.toString(process.pid()), "maps");
            return new String(Files.readAllBytes(maps), StandardCharsets.ISO_8859_1).contains(KEPT);
        } catch (IOException ended) {
            return false;
        }
    }
}
