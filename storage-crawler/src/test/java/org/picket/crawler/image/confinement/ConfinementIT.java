package org.picket.crawler.image.confinement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.crawler.image.ChildCommand;
import org.picket.crawler.image.Vectors;

/// What a child that an object has taken over can still do, by each confinement that works on this machine.
class ConfinementIT {

    @TempDir
    private Path folder;

    @Test
    void childThatIsTakenOverCanDoNothingButDecode() throws Exception {
        boolean known = CallNumbers.ofThisMachine().isPresent();
        for (Confinement way : Confinement.waysThatWork(files()).toList()) {
            Map<String, String> came = run(way, "locked");
            String what = way + ": " + came;
            assertEquals("made", came.get("decode"), what);
            assertEquals("made", came.get("thread"), what);
            assertEquals("made", came.get("read-own-class"), what);
            assertEquals(Boolean.toString(known), came.get("listed"), what);
            for (String attempt : List.of("read-storage", "list-storage", "read-accounts")) {
                assertEquals(way.hidesFiles(), came.get(attempt).startsWith("refused"), attempt + " by " + what);
            }
            assertTrue(!way.hidesFiles() || came.get("read-parent").startsWith("refused"), what);
            if (known) {
                for (String attempt : List.of("network", "program", "write", "write-natives", "delete-natives")) {
                    assertTrue(came.get(attempt).startsWith("refused"), attempt + " by " + what);
                }
                came.forEach((attempt, outcome) -> assertFalse(
                        attempt.startsWith("call:") && !outcome.equals("refused"), attempt + " by " + what));
            }
        }
    }

    /// So that files are seen to be hidden wherever they can be: what works here is found out once more, by other
    /// means.
    @Test
    void waysThatThisMachineAllowsAreTriedAndTheStrictestIsTaken() throws Exception {
        boolean bubblewrap = runs("bwrap", "--unshare-all", "--ro-bind", "/", "/", "true");
        boolean landlock = Landlock.version() > 0;
        List<Confinement> ways = Confinement.waysThatWork(files()).toList();
        assertEquals(
                bubblewrap,
                ways.stream().anyMatch(way -> way.prefix().contains("bwrap") && way.hidesFiles()),
                ways::toString);
        assertEquals(
                landlock,
                ways.stream().anyMatch(way -> way.text().contains("Landlock") && way.hidesFiles()),
                ways::toString);
        assertEquals(
                bubblewrap || landlock, Confinement.choose(files()).hidesFiles(), "bubblewrap or Landlock is there");
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    /// The same attempts without any of it: they must be able to succeed, or their failing above shows nothing.
    @Test
    void attemptsSucceedWhereNothingHoldsThem() throws Exception {
        Map<String, String> came = run(new Confinement(List.of(), false, "free"), "free");
        for (String attempt : List.of("network", "program", "write", "read-storage", "list-storage", "read-accounts")) {
            assertEquals("made", came.get(attempt), attempt + " of " + came);
        }
    }

    private DecoderFiles files() throws IOException, URISyntaxException {
        Files.createDirectories(Vectors.SETTINGS.natives());
        Path tests = Path.of(Intruder.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return DecoderFiles.find(Vectors.SETTINGS.natives(), Optional.empty()).withClassPath(List.of(tests));
    }

    private Map<String, String> run(Confinement way, String how) throws Exception {
        ProcessBuilder command = ChildCommand.of(files(), way, Intruder.class);
        Path storage = Files.writeString(folder.resolve("object"), "of the storage");
        Path bait = Vectors.SETTINGS.natives().resolve("bait");
        Files.writeString(bait, "to be deleted");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> words = new ArrayList<>(command.command());
            words.addAll(List.of(
                    Integer.toString(server.getLocalPort()),
                    storage.toString(),
                    folder.toString(),
                    Long.toString(ProcessHandle.current().pid()),
                    how));
            Process process = command.command(words)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), words + " printed " + printed);
            Map<String, String> came = new HashMap<>();
            printed.lines().forEach(line -> {
                String[] parts = line.split("\t");
                came.put(parts[0], parts[1]);
            });
            return came;
        } finally {
            Files.deleteIfExists(bait);
        }
    }
}
