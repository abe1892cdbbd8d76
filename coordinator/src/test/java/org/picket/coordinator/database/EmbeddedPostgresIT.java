package org.picket.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tests share one directory, as runs of Picket do: each leaves it fit to be started again.
class EmbeddedPostgresIT {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    static Path parent;

    private final DatabaseSettings.Embedded settings = new DatabaseSettings.Embedded(parent.resolve("database"), 32);
    private final ServerCluster cluster = ServerCluster.below(settings.dir());

    @Test
    void committedWorkIsThereAfterARestart() {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(settings)) {
            jdbi(server).useHandle(handle -> {
                handle.execute("CREATE TABLE IF NOT EXISTS kept (n int)");
                handle.execute("INSERT INTO kept VALUES (1)");
            });
        }
        try (EmbeddedPostgres server = EmbeddedPostgres.start(settings)) {
            assertTrue(ask(server, "SELECT count(*) FROM kept").matches("[1-9][0-9]*"));
        }
    }

    @Test
    void durabilityAndChecksumsAreOn() {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(settings)) {
            for (String name : List.of("fsync", "synchronous_commit", "full_page_writes", "data_checksums")) {
                assertEquals("on", ask(server, "SHOW " + name), name);
            }
            assertEquals("32MB", ask(server, "SHOW shared_buffers"));
        }
    }

    @Test
    void onlyItsOwnRoleWithItsPasswordGetsIn() {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(settings)) {
            assertEquals("127.0.0.1", ask(server, "SHOW listen_addresses"));
            assertEquals("off", ask(server, "SHOW is_superuser"));
            assertTrue(assertRefused(server, server.user(), "guess").contains("password authentication failed"));
            assertTrue(assertRefused(server, "postgres", server.password()).contains("no pg_hba.conf entry"));
        }
    }

    @Test
    void passwordIsForTheOwnersEyesOnly() throws IOException {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(settings)) {
            assertEquals(43, server.password().length());
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(cluster.home().resolve("password"))));
        }
    }

    @Test
    void serverGetsNothingOfTheEnvironmentThatItDoesNotNeed() {
        ProcessBuilder builder = ServerProgram.builder(List.of("true"));
        assertTrue(System.getenv().size() > builder.environment().size() - 2, "nothing to leave out");
        builder.environment()
                .keySet()
                .forEach(name -> assertTrue(
                        List.of("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SystemRoot", "TEMP")
                                        .contains(name)
                                || name.equals("LC_ALL")
                                || name.equals("TZ"),
                        name));
    }

    @Test
    void serverEndsWhenItsOwnerIsKilled() throws Exception {
        Process owner = hold();
        long pid = heldPid(owner);
        ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
        owner.destroyForcibly().waitFor();
        server.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        try (EmbeddedPostgres next = EmbeddedPostgres.start(settings)) {
            assertNotEquals(pid, next.pid());
        }
    }

    @Test
    void serverWhoseOwnerAndWatchdogWereKilledIsEndedBeforeTheNextOne() throws Exception {
        Process owner = hold();
        ProcessHandle server = ProcessHandle.of(heldPid(owner)).orElseThrow();
        ProcessHandle watchdog = server.parent().orElseThrow();
        List<ProcessHandle> reader =
                watchdog.children().filter(child -> child.pid() != server.pid()).toList();
        // First the one that would tell the server to stop: its owner closes the pipe as soon as the watchdog is gone.
        reader.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle process : reader) {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        watchdog.destroyForcibly();
        watchdog.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        owner.destroyForcibly().waitFor();
        assertTrue(server.isAlive(), "nothing told the server to stop");
        try (EmbeddedPostgres next = EmbeddedPostgres.start(settings)) {
            assertFalse(server.isAlive());
            assertNotEquals(server.pid(), next.pid());
        }
    }

    @Test
    void killedServerRecoversAtTheNextStart() throws Exception {
        Process owner = hold();
        ProcessHandle server = ProcessHandle.of(heldPid(owner)).orElseThrow();
        server.destroyForcibly();
        owner.destroyForcibly().waitFor();
        try (EmbeddedPostgres next = EmbeddedPostgres.start(settings)) {
            assertEquals("1", ask(next, "SELECT 1"));
        }
    }

    @Test
    void staleFileThatNamesAStrangersProcessDoesNotKeepTheServerAway() throws IOException {
        EmbeddedPostgres.start(settings).close();
        long stranger = ProcessHandle.current().pid();
        Files.writeString(
                PostmasterFile.in(cluster.data()),
                stranger + "\n" + cluster.data() + "\n1700000000\n5432\n\n127.0.0.1\n  1   1\nready   \n");
        try (EmbeddedPostgres server = EmbeddedPostgres.start(settings)) {
            assertNotEquals(stranger, server.pid());
        }
    }

    @Test
    void directoryInUseIsRefused() throws Exception {
        Process owner = hold();
        heldPid(owner);
        assertTrue(assertThrows(DatabaseException.class, () -> EmbeddedPostgres.start(settings))
                .getMessage()
                .contains("in use by another Picket"));
        owner.getOutputStream().close();
        assertTrue(owner.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        try (EmbeddedPostgres server = EmbeddedPostgres.start(settings)) {
            assertTrue(server.isAlive());
            assertTrue(assertThrows(DatabaseException.class, () -> EmbeddedPostgres.start(settings))
                    .getMessage()
                    .contains("in use by another Picket"));
        }
    }

    @Test
    void closedServerIsGone() {
        EmbeddedPostgres server = EmbeddedPostgres.start(settings);
        ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
        server.close();
        assertFalse(process.isAlive());
        assertFalse(Files.exists(PostmasterFile.in(cluster.data())));
    }

    @Test
    void dataOfAnotherVersionIsRefused() throws IOException {
        EmbeddedPostgres.start(settings).close();
        Path version = cluster.data().resolve("PG_VERSION");
        Files.writeString(version, "17\n");
        try {
            String message = assertThrows(DatabaseException.class, () -> EmbeddedPostgres.start(settings))
                    .getMessage();
            assertTrue(message.contains("PostgreSQL 17") && message.contains("PostgreSQL 18"), message);
        } finally {
            Files.writeString(version, "18\n");
        }
    }

    @Test
    void halfMadeFilesOfAKilledFirstStartAreSweptAway() throws IOException {
        EmbeddedPostgres.start(settings).close();
        Path half = Files.createDirectories(
                settings.dir().resolve(".cluster-killed").resolve("data"));
        EmbeddedPostgres.start(settings).close();
        assertFalse(Files.exists(half.getParent()));
    }

    @Test
    void programOfAKilledFirstStartMayStillWriteForAWhile() throws IOException {
        EmbeddedPostgres.start(settings).close();
        Path half = Files.createDirectories(settings.dir().resolve(".cluster-orphan"));
        Path base = Files.createDirectories(half.resolve("data/base"));
        new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "i=0; while [ $i -lt 400 ] && mkdir \"$0/$i\"; do i=$((i + 1)); sleep 0.005; done",
                        base.toString())
                .start();
        EmbeddedPostgres.start(settings).close();
        assertFalse(Files.exists(half));
    }

    @Test
    void directoryThatCannotBeIsRefusedWithAReason() throws IOException {
        Path file = Files.writeString(parent.resolve("a-file"), "");
        for (Path dir : List.of(file, file.resolve("below"))) {
            String message = assertThrows(
                            DatabaseException.class, () -> EmbeddedPostgres.start(new DatabaseSettings.Embedded(dir)))
                    .getMessage();
            assertTrue(message.contains(dir.toString()), message);
        }
    }

    private Process hold() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder(
                        java.toString(),
                        "-cp",
                        System.getProperty("surefire.real.class.path", System.getProperty("java.class.path")),
                        HeldDatabase.class.getName(),
                        settings.dir().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static long heldPid(Process owner) throws IOException {
        BufferedReader out = owner.inputReader();
        String line = out.readLine();
        while (line != null && !line.startsWith("holding ")) {
            line = out.readLine();
        }
        return Long.parseLong(String.valueOf(line).replace("holding ", ""));
    }

    private static Jdbi jdbi(EmbeddedPostgres server) {
        return Jdbi.create(server.jdbcUrl(ServerCluster.NAME), server.user(), server.password());
    }

    private static String ask(EmbeddedPostgres server, String question) {
        return jdbi(server)
                .withHandle(handle ->
                        handle.createQuery(question).mapTo(String.class).one());
    }

    private static String assertRefused(EmbeddedPostgres server, String user, String password) {
        return assertThrows(
                        SQLException.class,
                        () -> DriverManager.getConnection(server.jdbcUrl(ServerCluster.NAME), user, password)
                                .close())
                .getMessage();
    }
}
