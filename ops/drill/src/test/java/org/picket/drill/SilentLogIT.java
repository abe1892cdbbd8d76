package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Scans and removes with every log wide open, is killed amid removals, brings something back, then looks
/// through all that was written for a key, a hash or the bytes of a finding.
class SilentLogIT {
    private static final Map<String, String> OPEN = Map.of("PICKET_LOG_LEVEL", "TRACE");
    private static final int SAMPLES = 40;
    /// Bytes or scores of whatever, of which a view has 150,528: in base64 or hexadecimal, as numbers in a list, as
    /// escapes, as a table.
    private static final Pattern DUMP =
            Pattern.compile("[A-Za-z0-9+/=_-]{2000}|(?:-?\\d+(?:\\.\\d+)?(?:E-?\\d+)?(?:, ?| )){200}"
                    + "|(?:\\\\[0-7]{3}[^\\n]{0,24}?){200}|(?:(?:[0-9a-f]{2} ){16}\\|[^\\n]*\\n[^\\n]*?){12}");

    @TempDir
    private Path folder;

    @Test
    void dumpIsKnownAsOne() {
        byte[] pixels = new byte[3_000];
        new Random(1).nextBytes(pixels);
        String table = IntStream.range(0, 40)
                .mapToObj(row -> "|%08x| ".formatted(row) + "0f ".repeat(16) + "|................|\n")
                .collect(Collectors.joining());
        for (String dump : List.of(
                HexFormat.of().formatHex(pixels),
                Base64.getEncoder().encodeToString(pixels),
                Arrays.toString(pixels),
                Arrays.toString(new Random(1).doubles(300).toArray()),
                TextFormat.escapeBytes(pixels),
                table)) {
            assertTrue(DUMP.matcher("said: " + dump).find(), dump);
        }
    }

    @Test
    void noLogAtAnyLevelHoldsAKeyOrAHashOfAFinding() throws IOException {
        Admin admin = Admin.of(folder, "data").with(OPEN);
        Path samples = Admin.samples(folder, SAMPLES, 5);
        String source = samples.toString();
        long all = FileTreeState.files(samples);
        PicketProcess killed = admin.start("scan", source, "--mode", "quarantine", "--json");
        assertTrue(killed.killWhen(() -> FileTreeState.files(samples) < all), "it ended before it was killed");
        PicketProcess.Ended scan =
                admin.run("scan", source, "--mode", "quarantine", "--json").expect(0);
        assertTrue(scan.err().contains("DEBUG"), "the log was not open:\n" + scan.err());
        List<Admin.Row> rows = admin.findings();
        assertFalse(rows.isEmpty(), "nothing was found");
        PicketProcess.Ended released =
                admin.run("release", rows.getFirst().id()).expect(0);
        // What stands where the object stood is another one: its removal is refused, and said to be.
        Admin.Row last = rows.getLast();
        Files.write(samples.resolve(last.key()), new byte[] {1, 2, 3});
        PicketProcess.Ended refused = admin.run("release", last.id());
        assertFalse(refused.err().isEmpty());
        String everything = killed.errors() + scan.err() + scan.out() + released.err() + refused.err() + logs(folder);
        assertSilent(everything, rows);
    }

    /// Each party by itself, so that what is said over the network is said too.
    @Test
    void noLogOfACollectiveHoldsAKeyOrAHashOfAFinding() throws IOException {
        Path samples = Admin.samples(folder, SAMPLES, 6);
        List<Admin.Row> rows;
        String everything;
        try (Collective collective = new Collective(folder, OPEN)) {
            collective.join("crawler", "crawler", "example.org");
            collective.join("agent", "agent", "example.org");
            collective.start("agent", "agent", "run", "--provider", "cpu");
            collective
                    .start(
                            "crawler",
                            "crawler",
                            "run",
                            "--storage",
                            samples.toString(),
                            "--mode",
                            "quarantine",
                            "--once")
                    .end()
                    .expect(0);
            collective.join("admin", "admin", "example.org");
            PicketProcess.Ended found =
                    collective.run("admin", "findings", "--csv").expect(0);
            rows = Admin.rows(found);
            everything = collective.errors() + logs(folder);
        }
        assertTrue(everything.contains("TRACE") || everything.contains("DEBUG"), "the log was not open");
        assertSilent(everything, rows);
    }

    private void assertSilent(String everything, List<Admin.Row> rows) {
        assertFalse(rows.isEmpty(), "nothing was found");
        Matcher dump = DUMP.matcher(everything);
        assertFalse(dump.find(), "a log holds what looks like pixels");
        for (Admin.Row row : rows) {
            String name = Path.of(row.key()).getFileName().toString();
            assertFalse(everything.contains(name), "a log names the key of finding " + row.id());
            byte[] hash = HexFormat.of().parseHex(row.sha256());
            // As a person, a message's text, a URL and a JVM would write it; the half of it would do to look it up.
            byte[] half = Arrays.copyOf(hash, 15);
            for (String written : List.of(
                    HexFormat.of().formatHex(half),
                    HexFormat.of().formatHex(half).toUpperCase(Locale.ROOT),
                    Base64.getEncoder().encodeToString(half),
                    Base64.getUrlEncoder().encodeToString(half),
                    TextFormat.escapeBytes(ByteString.copyFrom(half)),
                    Arrays.toString(half).replaceAll("[\\[\\]]", ""))) {
                assertFalse(everything.contains(written), "a log holds the hash of finding " + row.id());
            }
        }
    }

    /// All that processes left in files of words below the folder.
    private static String logs(Path folder) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".log"))
                    .filter(Files::isRegularFile)
                    .toList()) {
                text.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        assertEquals(-1, text.indexOf("\0"), "a log holds bytes");
        return text.toString();
    }
}
