package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What ops/drill/FAULTS.md says is shown by a test is named by tests that there are.
class FaultsTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final List<String> MODULES = List.of(
            "proto",
            "runtime",
            "coordinator",
            "storage-crawler",
            "worker-agent",
            "ops/model",
            "ops/picket",
            "ops/bench",
            "ops/drill");
    private static final int FAULTS = 30;
    /// Number, fault, what holds, tests.
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (F\\d+) \\| ([^|\n]+) \\| ([^|\n]+) \\| ([^|\n]*) \\|$");
    private static final Pattern NUMBERED = Pattern.compile("(?m)^\\|\\s*F\\d+.*$");
    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
    private static final Pattern GAP = Pattern.compile("\\*\\*no test\\*\\*: \\S");
    private static final Pattern TEST = Pattern.compile("@(?:Test|ParameterizedTest)\\b[^;]*?\\bvoid (\\w+)\\(");

    private static String text;
    private static List<MatchResult> rows;
    private static Map<String, Set<String>> tests;

    @BeforeAll
    static void read() throws IOException {
        text = Files.readString(ROOT.resolve("ops/drill/FAULTS.md"));
        rows = ROW.matcher(text).results().toList();
        tests = new HashMap<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                for (Path file :
                        files.filter(one -> one.toString().endsWith(".java")).toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    Set<String> methods = tests.computeIfAbsent(name, _ -> new HashSet<>());
                    TEST.matcher(Files.readString(file)).results().forEach(test -> methods.add(test.group(1)));
                }
            }
        }
    }

    @Test
    void everyFaultHasOneRow() {
        assertEquals(
                IntStream.rangeClosed(1, FAULTS).mapToObj("F%02d"::formatted).toList(),
                rows.stream().map(row -> row.group(1)).toList());
        assertEquals(FAULTS, NUMBERED.matcher(text).results().count(), "rows that are no rows of four cells");
    }

    @Test
    void everyTestThatIsNamedIsThere() {
        List<String> named = rows.stream().flatMap(row -> spans(row.group(4))).toList();
        assertTrue(named.size() >= FAULTS, named::toString);
        assertEquals(
                List.of(),
                named.stream().filter(name -> !isTest(name)).toList(),
                "no test of any module has these names");
    }

    private static boolean isTest(String name) {
        String[] parts = name.split("\\.");
        return parts.length == 2 && tests.getOrDefault(parts[0], Set.of()).contains(parts[1]);
    }

    @Test
    void whereThereIsNoTestItIsSaidWhatIsMissing() {
        assertEquals(
                List.of(),
                rows.stream()
                        .filter(row -> spans(row.group(4)).findAny().isEmpty()
                                && !GAP.matcher(row.group(4)).find())
                        .map(row -> row.group(1))
                        .toList(),
                "neither a test nor a word about what is missing");
    }

    private static Stream<String> spans(String within) {
        return SPAN.matcher(within).results().map(span -> span.group(1));
    }
}
