package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Coordinator, crawler and agent as three processes, of which the coordinator alone listens: views go over its
/// relay, and each party is killed on the way.
@Order(3)
@Execution(ExecutionMode.CONCURRENT)
@Tag("long")
class RelayIT {
    private static final Pattern LISTENS = Pattern.compile("listens at (127\\.0\\.0\\.1:\\d+)");
    private static final Pattern FINDING = Pattern.compile("\"key\":\"([^\"]+)\"");

    private static String samples;
    private static long listed;
    /// What one process alone finds.
    private static Set<String> alone;

    @TempDir
    private Path folder;

    private final List<PicketProcess> processes = new ArrayList<>();

    @BeforeAll
    static void scanAlone(@TempDir Path shared) {
        samples = Admin.samples(shared, 300, 12).toString();
        Admin solo = Admin.of(shared, "solo");
        listed = solo.run("scan", samples, "--json").expect(0).number("listed");
        alone = keys(solo.run("findings", "--json"));
        assertFalse(alone.isEmpty());
    }

    @AfterEach
    void end() {
        processes.reversed().forEach(PicketProcess::stop);
        PicketProcess.awaitNoOrphan(folder.resolve("coordinator"));
    }

    @Test
    void relayedScanFindsWhatOneAloneDoesThoughEachPartyIsKilled() throws IOException {
        PicketProcess first = coordinator("127.0.0.1:0");
        String address = first.awaitOutput(LISTENS);
        join("crawler", "example.org");
        join("admin", "example.org");
        join("agent", "alice");
        PicketProcess crawler = crawler("--views", "relay");
        crawler.awaitErrors(Pattern.compile("sends the views of storage \\d+ over the coordinator"));
        crawler.awaitErrors(Pattern.compile("listed " + listed + " objects"));
        assertEquals(Set.of(), listening(crawler), "the crawler listens");
        PicketProcess agent = agent();
        agent.awaitOutput(Pattern.compile("works for the coordinator"));
        agent.killAfter(1_500);
        PicketProcess again = agent();
        again.awaitOutput(Pattern.compile("works for the coordinator"));
        // The coordinator dies and comes back, and then the crawler: nobody else is started anew.
        first.killAfter(500);
        PicketProcess coordinator = coordinator(address);
        coordinator.awaitOutput(LISTENS);
        crawler.killAfter(1_000);
        PicketProcess.Ended scan =
                crawler("--views", "relay", "--once", "--json").end().expect(0);
        assertEquals(listed, scan.number("listed"));
        assertEquals(0, scan.number("open"));
        assertEquals(alone, findings("admin"));
        assertTrue(Files.readString(folder.resolve("agent").resolve("agent.known-peers"))
                .startsWith("picket://crawler/"));
        coordinator.interrupt();
        coordinator.end().expect(0);
        run("verify", "--data", data("coordinator")).expect(0);
    }

    /// The address that the crawler tells leads nowhere, as behind a router that passes nothing on.
    @Test
    void agentFallsBackToTheRelay() throws IOException {
        coordinator("127.0.0.1:0").awaitOutput(LISTENS);
        join("crawler", "example.org");
        join("admin", "example.org");
        join("agent", "alice");
        PicketProcess agent = agent();
        PicketProcess.Ended scan = crawler("--listen", "127.0.0.1:0", "--address", nowhere(), "--once", "--json")
                .end()
                .expect(0);
        assertEquals(0, scan.number("open"));
        assertEquals(alone, findings("admin"));
        assertFalse(agent.errors().contains("VIEWS_OUT_OF_REACH"), agent::errors);
    }

    /// An address at which nobody listens.
    private static String nowhere() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + free.getLocalPort();
        }
    }

    /// Ports of this process, as Linux tells them.
    private static Set<String> listening(PicketProcess process) throws IOException {
        Path own = Path.of("/proc", Long.toString(process.pid()));
        Set<String> sockets;
        try (Stream<Path> files = Files.list(own.resolve("fd"))) {
            sockets = files.map(RelayIT::target)
                    .filter(target -> target.startsWith("socket:["))
                    .map(target -> target.substring("socket:[".length(), target.length() - 1))
                    .collect(Collectors.toSet());
        }
        Set<String> listening = new TreeSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(own.resolve("net").resolve(table))) {
                List<String> columns = List.of(line.strip().split("\\s+"));
                if (columns.get(3).equals("0A") && sockets.contains(columns.get(9))) {
                    listening.add(columns.get(1));
                }
            }
        }
        return listening;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            return "";
        }
    }

    private void join(String role, String owner) {
        String code = run("invite", role, "--for", owner, "--data", data("coordinator"))
                .expect(0)
                .lastLine();
        run(role, "join", code, "--data", data(role)).expect(0);
    }

    private PicketProcess coordinator(String listen) {
        return start("coordinator", "--data", data("coordinator"), "--listen", listen);
    }

    private PicketProcess agent() {
        return start("agent", "run", "--data", data("agent"), "--provider", "cpu");
    }

    private PicketProcess crawler(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("crawler", "run", "--storage", samples, "--data", data("crawler")));
        arguments.addAll(List.of(more));
        return start(arguments.toArray(String[]::new));
    }

    private Set<String> findings(String member) {
        return keys(run("findings", "--data", data(member), "--json"));
    }

    private static Set<String> keys(PicketProcess.Ended findings) {
        return FINDING.matcher(findings.expect(0).out())
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private String data(String name) {
        return folder.resolve(name).toString();
    }

    private PicketProcess start(String... arguments) {
        PicketProcess process = PicketProcess.start(folder, PicketProcess.SHORT_LEASES, arguments);
        processes.add(process);
        return process;
    }

    private PicketProcess.Ended run(String... arguments) {
        return PicketProcess.run(folder, arguments);
    }
}
