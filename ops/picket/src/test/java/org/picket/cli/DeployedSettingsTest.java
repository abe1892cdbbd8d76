package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.picket.runtime.config.Configuration;
import picocli.CommandLine;

/// What ops/deploy shows people to begin with is what the command takes.
class DeployedSettingsTest {
    private static final Path DEPLOY = Path.of("..", "deploy");
    private static final Pattern AGENT =
            Pattern.compile("-jar \\S+picket-agent\\.jar\"? (\\S+) (--config) \\S+agent\\.conf");
    private static final Pattern VARIABLE = Pattern.compile("PICKET_[A-Z0-9_]+(?=[:=]| *\\n)");

    @Test
    void everySampleOfSettingsIsRead() throws IOException {
        List<Path> samples = files(DEPLOY, ".conf");
        assertEquals(5, samples.size(), samples::toString);
        for (Path sample : samples) {
            assertRead(sample, Files.readString(sample));
            // The settings that wait behind a comment sign, too.
            assertRead(sample, Files.readString(sample).replaceAll("(?m)^# (?=[a-z0-9.-]+ = )", ""));
        }
    }

    private static void assertRead(Path sample, String text) throws IOException {
        Path file = Files.createTempFile("picket-sample-", ".conf");
        try {
            Files.writeString(file, text);
            Configuration.Outcome outcome = Configuration.load(
                    Keys.ALL, new Configuration.Origin(Map.of(), Map.of(), Optional.of(file), List.of()));
            assertInstanceOf(Configuration.Outcome.Loaded.class, outcome, () -> sample + ": " + outcome);
            Properties read = new Properties();
            read.load(Files.newBufferedReader(file));
            boolean set = read.containsKey(Keys.DATA.name());
            // That one has a default in the user's home, and names another in a comment.
            boolean left = sample.endsWith("launchd/agent.conf") && text.contains("# " + Keys.DATA.name() + " = ");
            assertTrue(set || left, () -> sample + " names no data folder");
            assertTrue(!read.isEmpty(), () -> sample + " sets nothing");
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void everyVariableOfContainersIsASetting() throws IOException {
        List<String> known = Stream.concat(
                        Keys.ALL.stream().map(key -> key.variable()), Keys.LAUNCHER_VARIABLES.stream())
                .toList();
        List<Path> files = Stream.of(
                        files(DEPLOY.resolve("container"), ""),
                        files(DEPLOY.resolve("helm"), ".yaml"),
                        files(DEPLOY.resolve("systemd"), ".service"))
                .flatMap(List::stream)
                .toList();
        assertTrue(files.size() > 8, files::toString);
        for (Path file : files) {
            VARIABLE.matcher(Files.readString(file))
                    .results()
                    .map(found -> found.group())
                    .forEach(name -> assertTrue(known.contains(name), () -> file + " names " + name));
        }
    }

    /// What an agent's recipes for other systems start is a command that there is.
    @Test
    void recipesOfAgentsAreWellFormedAndStartIt() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        for (String recipe : List.of("launchd/org.picket.agent.plist", "windows/picket-agent.xml")) {
            String text = factory.newDocumentBuilder()
                    .parse(DEPLOY.resolve(recipe).toFile())
                    .getDocumentElement()
                    .getTextContent();
            Matcher command = AGENT.matcher(text);
            assertTrue(command.find(), () -> recipe + ": " + text);
            CommandLine.ParseResult parsed =
                    new CommandLine(AgentCommand.class).parseArgs(command.group(1), command.group(2), "file");
            assertEquals("run", parsed.subcommand().commandSpec().name());
        }
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().endsWith(ending))
                    .toList();
        }
    }
}
