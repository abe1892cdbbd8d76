package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Scans and removes with every log wide open, then looks through all that was written for a key or a hash of a
/// finding.
class SilentLogIT {
    @TempDir
    private Path folder;

    @Test
    void noLogAtAnyLevelHoldsAKeyOrAHashOfAFinding() throws IOException {
        Admin admin = Admin.of(folder, "data");
        Path samples = Admin.samples(folder, 40, 5);
        PicketProcess.Ended scan = admin.with(Map.of("PICKET_LOG_LEVEL", "TRACE"))
                .run("scan", samples.toString(), "--mode", "quarantine", "--json")
                .expect(0);
        assertTrue(scan.err().contains("DEBUG"), "the log was not open:\n" + scan.err());
        List<Admin.Row> rows = admin.findings();
        assertFalse(rows.isEmpty(), "nothing was found");
        String everything = scan.err() + scan.out() + serverLogs(admin.data());
        for (Admin.Row row : rows) {
            String name = Path.of(row.key()).getFileName().toString();
            assertFalse(everything.contains(name), "a log names the key of finding " + row.id());
            assertFalse(everything.contains(row.sha256()), "a log holds the hash of finding " + row.id());
        }
    }

    private static String serverLogs(Path data) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".log")).toList()) {
                text.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return text.toString();
    }
}
