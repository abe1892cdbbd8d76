package org.picket.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.DatabaseSettings;

/// A PostgreSQL and its synchronous standby: two servers of the build's own programs, one a copy of the other's
/// data that follows its log.
final class StreamingPair implements AutoCloseable {
    private static final String ROLE = "picket";
    private static final int SHARED_BUFFERS_MEBIBYTES = 32;
    private static final long LOOK_NANOS = 50_000_000;
    private static final long PATIENCE_NANOS = 120_000_000_000L;
    private static final String ACCESS =
            "host all picket 127.0.0.1/32 scram-sha-256\nhost replication picket 127.0.0.1/32 scram-sha-256\n";
    private static final String FOLLOWED = "select exists (select from pg_stat_replication where sync_state = 'sync')";
    private static final String RIGHTS = """
            ALTER ROLE picket REPLICATION;
            GRANT EXECUTE ON FUNCTION pg_promote(boolean, integer) TO picket;
            """;

    private final Path folder;
    private final List<PicketProcess> servers = new ArrayList<>();
    private PicketProcess firstServer;
    private final Path program;
    private final String password;
    private final int first;
    private final int second;

    /// Makes both, and waits until what is committed at the first is at the second.
    StreamingPair(Path folder) throws IOException {
        this.folder = folder;
        DatabaseSettings.Embedded made = new DatabaseSettings.Embedded(
                folder.resolve("first"), Path.of(PicketProgram.unpacked()), SHARED_BUFFERS_MEBIBYTES);
        Database.open(made).close();
        password = Files.readString(folder.resolve("first").resolve("cluster").resolve("password"))
                .strip();
        program = program();
        Path data = data("first");
        Files.writeString(data.resolve("pg_hba.conf"), ACCESS);
        Path rights = Files.writeString(folder.resolve("rights.sql"), RIGHTS);
        List<String> words =
                new ArrayList<>(List.of("sh", "-c", "sql=$1; shift; exec \"$@\" < \"$sql\"", "sh", rights.toString()));
        words.addAll(as(data, program.toString(), "--single", "-D", data.toString(), "-c", "exit_on_error=on", ROLE));
        PicketProcess.runOther(folder, words).expect(0);
        PicketProcess.runOther(
                        folder,
                        List.of(
                                "cp",
                                "-a",
                                folder.resolve("first").toString(),
                                folder.resolve("second").toString()))
                .expect(0);
        Files.createFile(data("second").resolve("standby.signal"));
        first = port();
        second = port();
        firstServer = serveFirst();
        serve(
                "second",
                second,
                "primary_conninfo=host=127.0.0.1 port=" + first + " user=" + ROLE + " password=" + password
                        + " application_name=second sslmode=disable");
        await(first, FOLLOWED);
    }

    private static int port() throws IOException {
        String free = Replicas.free();
        return Integer.parseInt(free.substring(free.indexOf(':') + 1));
    }

    private static Path program() throws IOException {
        try (Stream<Path> unpacked = Files.list(Path.of(PicketProgram.unpacked()))) {
            return unpacked.filter(path -> path.getFileName().toString().startsWith("postgresql-"))
                    .findFirst()
                    .orElseThrow()
                    .resolve("bin")
                    .resolve("postgres");
        }
    }

    private Path data(String name) {
        return folder.resolve(name).resolve("cluster").resolve("data");
    }

    /// As the data's owner, or where that is root, which the server refuses to be, as nobody in particular.
    private static List<String> as(Path data, String... command) throws IOException {
        List<String> words = new ArrayList<>();
        int owner = (Integer) Files.getAttribute(data, "unix:uid");
        int own = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (owner == 0) {
            words.addAll(List.of("unshare", "--user", "--"));
        } else if (owner != own) {
            words.addAll(List.of("setpriv", "--reuid=" + owner, "--regid=" + owner, "--clear-groups", "--"));
        }
        words.addAll(List.of(command));
        return words;
    }

    private PicketProcess serveFirst() throws IOException {
        return serve("first", first, "synchronous_standby_names=*");
    }

    private PicketProcess serve(String name, int port, String setting) throws IOException {
        List<String> words = as(data(name), program.toString(), "-D", data(name).toString());
        for (String value : List.of(
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "port=" + port,
                "shared_buffers=" + SHARED_BUFFERS_MEBIBYTES + "MB",
                "timezone=UTC",
                setting)) {
            words.addAll(List.of("-c", value));
        }
        PicketProcess server = PicketProcess.startOther(folder, words);
        servers.add(server);
        return server;
    }

    /// Both hosts: whoever connects finds the one that takes writes.
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + first + ",127.0.0.1:" + second
                + "/picket?targetServerType=primary&sslmode=disable&gssEncMode=disable";
    }

    String password() {
        return password;
    }

    /// Kills the first one, as when its machine fails.
    void killFirst() {
        firstServer.killAfter(0);
    }

    /// Starts the first one again, and waits until its standby follows it once more.
    void startFirst() throws IOException {
        // Those of its processes that outlived it hold its memory for a moment longer.
        PicketProcess.awaitNoOrphan(data("first"));
        firstServer = serveFirst();
        await(first, FOLLOWED);
    }

    /// Makes the second one take writes.
    void promoteSecond() throws SQLException {
        try (Connection connection = connect(second);
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_promote()");
        }
        await(second, "select not pg_is_in_recovery()");
    }

    /// Asks the second one, which takes reads all the time.
    long atSecond(String query) throws SQLException {
        try (Connection connection = connect(second);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private Connection connect(int port) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/picket?sslmode=disable&gssEncMode=disable", ROLE, password);
    }

    private void await(int port, String condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!holds(port, condition)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never came true at port " + port + ": " + condition + "\n"
                        + servers.stream().map(PicketProcess::errors).toList());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private boolean holds(int port, String condition) {
        try (Connection connection = connect(port);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(condition)) {
            return row.next() && row.getBoolean(1);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() {
        servers.reversed().forEach(PicketProcess::stop);
    }
}
