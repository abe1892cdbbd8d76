package org.picket.coordinator.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCheckTest {
    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("p.textproto"), text);
    }

    @Test
    void soundPolicyIsDescribedInOneLine() throws IOException {
        var file = file(Policy.standInText());
        var check = PolicyCheck.of(file, List.of("lighthouse", "snow", "night", "drawing"));

        assertEquals(PolicyCheck.SOUND, check.exitCode());
        assertEquals(Optional.of(Policy.standIn()), check.policy());
        assertEquals(
                List.of(file + ": sound: policy \"stand-in\" version 1, 1 rule, 0 lists, concepts: drawing, lighthouse,"
                        + " night, snow, digest " + Policy.standIn().digest().hex()),
                check.lines());
    }

    @Test
    void soundPolicyTellsWhichBundlesItAsks() throws IOException {
        var check = PolicyCheck.of(file(PolicyTest.HEAD
                + "further { bundle: \"t\" concept: \"y\" when { concept: \"x\" gte: 0.1 } }"
                + PolicyTest.rule("all { concept: \"x\" gte: 0.2 } all { bundle: \"t\" concept: \"y\" gte: 0.2 }")));

        assertEquals(PolicyCheck.SOUND, check.exitCode());
        assertEquals(2, check.lines().size());
        assertTrue(check.lines().getLast().contains("--further-bundle FILE for each of: t"));
    }

    @Test
    void eachFaultIsALineThatAnEditorCanFollow() throws IOException {
        var file = file("id: \"p\"\nversion: 1\nrule {\n  id: \"r\"\n  all { concept: \"x\" gte: 3 }\n}\n");
        var check = PolicyCheck.of(file);

        assertEquals(PolicyCheck.FAULTY, check.exitCode());
        assertEquals(
                List.of(file + ":3:1: the rule's category is missing", file + ":5:22: threshold 3.0 is not in [-2, 2)"),
                check.lines());
    }

    @Test
    void conceptsThatTheBundleLacksAreFaults() throws IOException {
        var check = PolicyCheck.of(file(Policy.standInText()), List.of("lighthouse", "snow", "night"));

        assertEquals(PolicyCheck.FAULTY, check.exitCode());
        assertEquals(1, check.lines().size());
    }

    @Test
    void fileThatCannotBeReadSaysWhy() throws IOException {
        assertEquals(PolicyCheck.UNREADABLE, PolicyCheck.of(folder).exitCode());
        assertEquals(
                List.of(folder.resolve("none") + ": does not exist"),
                PolicyCheck.of(folder.resolve("none")).lines());
        var binary = Files.write(folder.resolve("b"), new byte[] {(byte) 0xc3, (byte) 0x28});
        assertTrue(PolicyCheck.of(binary).lines().getFirst().endsWith("is not text in UTF-8"));
        var large = Files.write(folder.resolve("l"), new byte[PolicyReader.TEXT_LIMIT + 1]);
        assertEquals(PolicyCheck.UNREADABLE, PolicyCheck.of(large).exitCode());
    }

    @Test
    void listFilesAreTakenFromTheFilesOwnFolder() throws IOException {
        Files.writeString(folder.resolve("l.txt"), PolicyTest.hex('a') + "\n");
        var file = file(PolicyTest.HEAD + "list { id: \"l\" kind: DENY category: \"k\" file: \"l.txt\" }");

        assertEquals(PolicyCheck.SOUND, PolicyCheck.of(file).exitCode());
    }

    @Test
    void faultsBringNoCommandsToTheTerminal() throws IOException {
        var check = PolicyCheck.of(file("id: \"\\033[2J\\302\\2332J\"\nversion: 1\n"));

        assertTrue(check.lines().toString().contains("the policy's id \"?[2J?2J\" is not made of"), check::toString);
    }
}
