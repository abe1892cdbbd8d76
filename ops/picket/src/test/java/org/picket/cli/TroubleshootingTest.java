package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.picket.runtime.config.ConfigKey;
import picocli.CommandLine;

/// What ops/deploy/TROUBLESHOOTING.md quotes is what Picket says, and what it tells people to type is a command.
class TroubleshootingTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
    private static final Pattern BOLD = Pattern.compile("\\*\\*(.+?)\\*\\*", Pattern.DOTALL);
    /// Words at the head of a list's item, up to the colon.
    private static final Pattern HEAD = Pattern.compile("(?m)^- (`[^`]+`(?: · `[^`]+`)*)(?: \\([^)]*\\))?:");
    private static final Pattern COMMAND = Pattern.compile("(?:[A-Z_]+=\\S+ )?picket( .+)");
    private static final Pattern FLAG = Pattern.compile("--[a-z0-9-]+");
    private static final Pattern SETTING = Pattern.compile("(?:database|lease|member|programs|relay|agent)\\.[a-z-]+");
    /// Files that lie in data folders, which look like settings.
    private static final List<String> FILES = List.of("agent.known-peers");
    /// Two literals that are joined in the source are one in what it says.
    private static final Pattern JOINED = Pattern.compile("(?<!\\\\)\"\\s*\\+\\s*\"");
    private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*//.*$");
    private static final int LEAST_PHRASES = 100;
    private static final int LEAST_COMMANDS = 25;

    private static String text;
    private static List<String> sources;

    @BeforeAll
    static void read() throws IOException {
        text = Files.readString(ROOT.resolve("ops/deploy/TROUBLESHOOTING.md")).replaceAll("\n +", " ");
        sources = new ArrayList<>();
        for (String module :
                List.of("proto", "runtime", "coordinator", "storage-crawler", "worker-agent", "ops/picket")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main"))) {
                for (Path file : files.filter(one -> one.toString().matches(".*\\.(java|proto)"))
                        .toList()) {
                    String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
                    sources.add(JOINED.matcher(code).replaceAll("").replace("\\\"", "\""));
                }
            }
        }
    }

    /// Each in one file, with all of its parts: between them stands what differs.
    @Test
    void whatIsQuotedStandsInTheSource() {
        List<String> phrases = Stream.of(BOLD, HEAD)
                .flatMap(where -> where.matcher(text).results())
                .flatMap(quoted -> spans(quoted.group(1)))
                .toList();
        assertTrue(phrases.size() >= LEAST_PHRASES, phrases::toString);
        List<String> gone = phrases.stream()
                .filter(phrase -> sources.stream().noneMatch(source -> says(source, phrase)))
                .toList();
        assertEquals(List.of(), gone, "these words are no longer in the source");
    }

    private static boolean says(String source, String phrase) {
        return Stream.of(phrase.split("…")).map(String::strip).allMatch(source::contains);
    }

    @Test
    void commandsFlagsAndSettingsAreThoseThatThereAre() {
        List<String> commands = spans(text)
                .map(COMMAND::matcher)
                .filter(Matcher::matches)
                .map(command -> command.group(1).strip())
                .toList();
        assertTrue(commands.size() >= LEAST_COMMANDS, commands::toString);
        CommandLine line = Main.whole();
        for (String command : commands) {
            assertDoesNotThrow(
                    () -> {
                        line.parseArgs(command.split(" "));
                    },
                    command);
        }
        spans(text)
                .filter(FLAG.asMatchPredicate())
                .forEach(flag ->
                        assertTrue(sources.stream().anyMatch(source -> source.contains("\"" + flag + "\"")), flag));
        List<String> settings = Keys.ALL.stream().map(ConfigKey::name).toList();
        spans(text)
                .filter(SETTING.asMatchPredicate())
                .filter(name -> !FILES.contains(name))
                .forEach(name -> assertTrue(settings.contains(name), name));
    }

    @Test
    void whatItNamesOfMetricsIsMeasured() {
        spans(text)
                .filter(name -> name.startsWith("picket_") && !name.endsWith("…"))
                .forEach(name ->
                        assertTrue(sources.stream().anyMatch(source -> source.contains("\"" + name + "\"")), name));
    }

    private static Stream<String> spans(String within) {
        return SPAN.matcher(within).results().map(span -> span.group(1).replaceAll("\\s+", " "));
    }
}
