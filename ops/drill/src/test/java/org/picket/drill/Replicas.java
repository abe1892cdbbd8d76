package org.picket.drill;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.picket.coordinator.database.Database;

/// Coordinators on a PostgreSQL that somebody else runs, with their members: processes on loopback.
final class Replicas implements AutoCloseable {
    /// Those of a coordinator that is killed come back soon.
    static final Map<String, String> SHORT_LEASES = Map.of("PICKET_LEASE_TTL", "6s");

    private static final String PASSWORD = "for-this-drill-alone";
    static final Pattern LISTENS = Pattern.compile("listens at (127\\.0\\.0\\.1:\\d+)");
    private static final Pattern FINDING = Pattern.compile("\"key\":\"([^\"]+)\"");

    private final Path folder;
    private final String url;
    private final Map<String, String> environment;
    private final List<PicketProcess> processes = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private List<String> program = PicketProgram.command();

    /// @param url of the database
    /// @param password of its role `picket`
    Replicas(Path folder, String url, String password) {
        this(folder, url, password, SHORT_LEASES);
    }

    /// @param environment variables of all that is started
    Replicas(Path folder, String url, String password, Map<String, String> environment) {
        this.folder = folder;
        this.url = url;
        this.environment = new HashMap<>(environment);
        this.environment.put("PICKET_DATABASE_PASSWORD", password);
    }

    /// On a PostgreSQL that the drill itself runs.
    ///
    /// @param environment variables of all that is started
    static Replicas on(Database database, Path folder, Map<String, String> environment) throws SQLException {
        String url = database.jdbi()
                .withHandle(
                        handle -> handle.getConnection().getMetaData().getURL().replaceFirst("\\?.*", ""));
        // Its own password is random and told to nobody.
        database.jdbi().useHandle(handle -> handle.execute("alter role picket password '" + PASSWORD + "'"));
        return new Replicas(folder, url, PASSWORD, environment);
    }

    /// Has all that is started from now on be of another release.
    ///
    /// @param other the words before its arguments
    void use(List<String> other) {
        program = other;
    }

    /// Ends all that were started, also after a failure.
    @Override
    public void close() {
        processes.reversed().forEach(PicketProcess::stop);
        client.close();
    }

    /// An address at which nobody listens yet.
    static String free() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + free.getLocalPort();
        }
    }

    PicketProcess coordinator(String name, String listen) {
        return start(
                "coordinator",
                "--data",
                data(name),
                "--database-url",
                url,
                "--database-user",
                "picket",
                "--listen",
                listen,
                "--metrics",
                "127.0.0.1:0");
    }

    /// One that scans once.
    PicketProcess crawler(String samples) {
        return crawler(samples, "--once");
    }

    /// One that scans again and again.
    PicketProcess steadyCrawler(String samples) {
        return crawler(samples, "--every", "1s", "--metrics", "127.0.0.1:0");
    }

    private PicketProcess crawler(String samples, String... more) {
        List<String> words = new ArrayList<>(List.of("crawler", "run", "--storage", samples, "--data"));
        words.addAll(List.of(data("crawler"), "--views", "relay", "--json"));
        words.addAll(List.of(more));
        return start(words.toArray(String[]::new));
    }

    PicketProcess agent(String name, String... more) {
        List<String> words = new ArrayList<>(List.of("agent", "run", "--data", data(name), "--provider", "cpu"));
        words.addAll(List.of(more));
        return start(words.toArray(String[]::new));
    }

    /// Invites at a coordinator's data folder, and joins.
    void join(String coordinator, String role, String name, String owner) {
        String code = run("invite", role, "--for", owner, "--data", data(coordinator))
                .expect(0)
                .lastLine();
        run(role, "join", code, "--data", data(name)).expect(0);
    }

    /// Keys of objects with findings, by the word of a member or of a scan.
    Set<String> findings(String member) {
        String rows =
                run("findings", "--data", data(member), "--json").expect(0).out();
        return FINDING.matcher(rows).results().map(row -> row.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    /// Checks the whole ledger from a coordinator's data folder.
    void verify(String coordinator) {
        run("verify", "--data", data(coordinator), "--database-url", url, "--database-user", "picket")
                .expect(0);
    }

    void copyKeys(String from, String to) throws IOException {
        Path keys = Files.createDirectories(folder.resolve(to).resolve("keys"));
        for (String name : List.of("authority.key", "coordinator.key")) {
            Files.copy(folder.resolve(from).resolve("keys").resolve(name), keys.resolve(name));
        }
    }

    /// What a process has counted; 0 where it has not yet.
    ///
    /// @param name of the metric, and what its labels begin with: a regular expression
    long metric(PicketProcess process, String name) {
        Matcher count = Pattern.compile("(?m)^" + name + "\\S* (\\d+)").matcher(scrape(process));
        return count.find() ? Long.parseLong(count.group(1)) : 0;
    }

    /// What a process has counted, by labels.
    Map<String, Long> counts(PicketProcess process, String name) {
        return Pattern.compile("(?m)^" + name + "(\\{[^}]*}) (\\d+)")
                .matcher(scrape(process))
                .results()
                .collect(Collectors.toMap(
                        line -> line.group(1), line -> Long.parseLong(line.group(2)), Long::sum, TreeMap::new));
    }

    private String scrape(PicketProcess process) {
        process.awaitErrors(PicketProcess.METRICS);
        return process.scrape(client).orElseThrow();
    }

    String data(String name) {
        return folder.resolve(name).toString();
    }

    PicketProcess start(String... arguments) {
        List<String> words = new ArrayList<>(program);
        words.addAll(List.of(arguments));
        PicketProcess process = PicketProcess.startOther(folder, environment, words);
        processes.add(process);
        return process;
    }

    PicketProcess.Ended run(String... arguments) {
        return start(arguments).end();
    }
}
