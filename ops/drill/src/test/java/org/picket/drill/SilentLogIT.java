package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        Path samples = folder.resolve("samples");
        Path data = folder.resolve("data");
        PicketProcess.run(folder, "samples", samples.toString(), "--count", "40", "--seed", "5")
                .expect(0);
        PicketProcess.Ended scan = PicketProcess.run(
                        folder,
                        java.util.Map.of("PICKET_LOG_LEVEL", "TRACE"),
                        "scan",
                        samples.toString(),
                        "--data",
                        data.toString(),
                        "--mode",
                        "quarantine",
                        "--json")
                .expect(0);
        assertTrue(scan.err().contains("DEBUG"), "the log was not open:\n" + scan.err());
        String csv = PicketProcess.run(folder, "findings", "--csv", "--data", data.toString())
                .expect(0)
                .out();
        List<String> rows = csv.lines().skip(1).toList();
        assertFalse(rows.isEmpty(), "nothing was found");
        String everything = scan.err() + scan.out() + serverLogs(data);
        for (String row : rows) {
            String[] cells = row.split(",", -1);
            String name = Path.of(cells[2]).getFileName().toString();
            assertFalse(everything.contains(name), "a log names the key of finding " + cells[0]);
            assertFalse(everything.contains(cells[5]), "a log holds the hash of finding " + cells[0]);
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
