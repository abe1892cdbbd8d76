package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher `./picket` by itself, in a tree of its own with JDKs and a Maven that only say what they are
/// asked: which JDK it takes, when it builds, and what it tells a person who lacks something.
class LauncherTest {
    private static final Path LAUNCHER =
            Path.of("..", "..", "picket").toAbsolutePath().normalize();
    private static final Instant LONG_AGO = Instant.now().minus(Duration.ofDays(1));
    private static final long LIMIT_SECONDS = 60;

    @TempDir
    private Path folder;

    private Path home;
    private Path source;
    private final Map<String, String> environment = new HashMap<>();

    private record Ended(int status, String out, String err) {}

    @BeforeEach
    void tree() throws IOException {
        home = Files.createDirectories(folder.resolve("a home/picket-tree"));
        Files.copy(LAUNCHER, home.resolve("picket"));
        source = home.resolve("proto/src/main/java/org/Some.java");
        for (String module : List.of("proto", "runtime", "coordinator", "worker-agent", "storage-crawler")) {
            Files.createDirectories(home.resolve(module + "/src/main/java/org"));
        }
        Files.createDirectories(home.resolve("ops/model/src/main"));
        Files.createDirectories(home.resolve("ops/picket/target/dist/lib"));
        Files.createDirectories(home.resolve("ops/picket/src/main/java"));
        Files.writeString(source, "");
        Files.writeString(source.resolveSibling("Another.java"), "");
        Files.writeString(home.resolve("pom.xml"), "");
        // What is there is as old as a tree that was built yesterday.
        try (var all = Files.walk(home)) {
            for (Path path : all.toList().reversed()) {
                Files.setLastModifiedTime(path, FileTime.from(LONG_AGO));
            }
        }
        Files.writeString(built(), "");
        Files.setLastModifiedTime(built(), FileTime.from(LONG_AGO.plusSeconds(60)));
        environment.put("PICKET_JAVA_HOME", jdk("jdk-25", "25.0.3").toString());
        environment.put("PATH", maven(0) + ":/usr/bin:/bin");
    }

    @Test
    void takesTheJdkThatIsNamedAndHandsOnWhatItIsAsked() throws Exception {
        Ended ended = launch("scan", "a folder");
        assertEquals(0, ended.status(), ended.err());
        assertTrue(ended.out().startsWith("jdk-25 "), ended.out());
        assertTrue(ended.out().endsWith("org.picket.cli.Main [scan] [a folder]\n"), ended.out());
        assertFalse(ended.out().contains("mvn"), "it was built though nothing had changed");
    }

    @Test
    void takesAnotherThanTheOldOneOfThePath() throws Exception {
        environment.remove("PICKET_JAVA_HOME");
        environment.put("JAVA_HOME", jdk("jdk-25-of-java-home", "25").toString());
        environment.merge("PATH", jdk("jdk-17", "17.0.12") + "/bin:", (path, old) -> old + path);
        assertTrue(launch("doctor").out().startsWith("jdk-25-of-java-home "));

        environment.put("JAVA_HOME", folder.resolve("jdk-17").toString());
        environment.merge("PATH", jdk("jdk-25-of-path", "25.0.1") + "/bin:", (path, old) -> old + path);
        assertTrue(launch("doctor").out().startsWith("jdk-25-of-path "));
    }

    @Test
    void refusesANamedJdkThatIsAnother() throws Exception {
        Path old = jdk("jdk-17", "17.0.12");
        environment.put("PICKET_JAVA_HOME", old.toString());
        Ended ended = launch("doctor");
        assertEquals(2, ended.status());
        assertTrue(ended.err().contains("PICKET_JAVA_HOME is " + old + ", and that is no JDK 25"), ended.err());
        assertTrue(ended.err().contains("Install one"), ended.err());
        assertEquals("", ended.out());
    }

    @Test
    void startsThroughLinks() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("once"), Path.of("../a home/picket-tree/picket"));
        Files.createSymbolicLink(bin.resolve("twice"), Path.of("once"));
        Ended ended = run(bin.resolve("twice"), "doctor");
        assertEquals(0, ended.status(), ended.err());
        assertTrue(ended.out().contains("-Dpicket.home=" + home.toRealPath()), ended.out());
    }

    @Test
    void buildsWhereASourceIsNewerOrGone() throws Exception {
        Files.writeString(source, "changed");
        Ended changed = launch("doctor");
        assertEquals(0, changed.status(), changed.err());
        assertTrue(changed.err().contains("picket: building"), changed.err());
        assertEquals(1, builds());
        assertFalse(launch("doctor").err().contains("picket: building"));

        Files.setLastModifiedTime(built(), FileTime.from(LONG_AGO.plusSeconds(60)));
        Files.setLastModifiedTime(source, FileTime.from(LONG_AGO));
        Files.setLastModifiedTime(source.getParent(), FileTime.from(LONG_AGO));
        launch("doctor");
        assertEquals(1, builds());
        Files.delete(source);
        launch("doctor");
        assertEquals(2, builds());
    }

    @Test
    void aTestThatIsNewerIsNoReasonToBuild() throws Exception {
        Path test = Files.createDirectories(home.resolve("proto/src/test/java")).resolve("SomeTest.java");
        Files.writeString(test, "");
        assertEquals(0, launch("doctor").status());
        assertEquals(0, builds());
    }

    @Test
    void saysWhatToInstallWhereThereIsNoMaven() throws Exception {
        Files.delete(built());
        environment.put("PATH", tools().toString());
        Ended ended = launch("doctor");
        assertEquals(2, ended.status());
        assertTrue(
                ended.err().contains("there is no Maven (mvn) on the PATH. Install Maven 3.8.7 or later"), ended.err());
    }

    @Test
    void abuildThatFailsIsToldAndMadeAgainTheNextTime() throws Exception {
        Files.delete(built());
        environment.put("PATH", maven(1) + ":/usr/bin:/bin");
        Ended ended = launch("doctor");
        assertEquals(2, ended.status());
        assertTrue(ended.err().contains("the build failed; the lines above say why"), ended.err());
        environment.put("PATH", maven(0) + ":/usr/bin:/bin");
        assertEquals(0, launch("doctor").status());
        assertEquals(2, builds());
    }

    private Path built() {
        return home.resolve("ops/picket/target/dist/built");
    }

    private Ended launch(String... arguments) throws Exception {
        return run(home.resolve("picket"), arguments);
    }

    private Ended run(Path launcher, String... arguments) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder();
        builder.command().add("/bin/sh");
        builder.command().add(launcher.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().put("HOME", folder.toString());
        builder.environment().putAll(environment);
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "still running");
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private long builds() throws IOException {
        Path log = folder.resolve("maven.log");
        return Files.exists(log) ? Files.readAllLines(log).size() : 0;
    }

    /// A folder with a Maven that notes that it was called.
    private Path maven(int status) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("maven-" + status));
        program(bin.resolve("mvn"), "echo \"$@\" >>'" + folder.resolve("maven.log") + "'; exit " + status);
        return bin;
    }

    /// What the launcher needs of a system, and no Maven.
    private Path tools() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("dirname", "readlink", "find", "head", "grep", "mkdir", "rm", "touch", "mv")) {
            Path there = Path.of("/usr/bin", tool);
            Files.createSymbolicLink(bin.resolve(tool), Files.exists(there) ? there : Path.of("/bin", tool));
        }
        return bin;
    }

    /// A JDK whose `java` puts out its folder's name and the words that it is given.
    private Path jdk(String name, String version) throws IOException {
        Path jdk = folder.resolve(name);
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        program(jdk.resolve("bin/javac"), "exit 0");
        program(jdk.resolve("bin/java"), """
                printf '%%s' '%s'
                for word; do case $word in -*|*/lib/\\*|org.picket.cli.Main) printf ' %%s' "$word" ;; *) printf ' [%%s]' "$word" ;; esac; done
                echo""".formatted(name));
        return jdk;
    }

    private static void program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
