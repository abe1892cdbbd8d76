package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Coordinator, crawler and agent as three processes on loopback that know each other by certificates alone.
@Order(6)
class CollectiveIT {
    private static final Pattern LISTENS = Pattern.compile("listens at (127\\.0\\.0\\.1:\\d+)");
    private static final Pattern FINDING = Pattern.compile("\"key\":\"([^\"]+)\"");
    private static final Pattern AGENT = Pattern.compile("\"id\":(\\d+),\"role\":\"agent\"[^}]*\"leases\":(\\d+)");

    @TempDir
    private Path folder;

    private final List<PicketProcess> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.reversed().forEach(PicketProcess::stop);
        PicketProcess.awaitNoOrphan(folder.resolve("coordinator"));
    }

    @Test
    void threeProcessesFindWhatOneDoesThoughAgentAndCoordinatorAreKilled() {
        String samples = Admin.samples(folder, 120, 11).toString();
        long listed =
                run("scan", samples, "--data", data("solo"), "--json").expect(0).number("listed");
        PicketProcess first = coordinator("127.0.0.1:0");
        String address = first.awaitOutput(LISTENS);
        join("crawler", "example.org");
        join("admin", "example.org");
        join("agent", "alice");
        assertTrue(run("invite", "agent", "--for", "alice", "--data", data("agent"))
                        .status()
                != 0);

        PicketProcess crawler = start(
                "crawler",
                "run",
                "--storage",
                samples,
                "--views",
                "direct",
                "--data",
                data("crawler"),
                "--once",
                "--json");
        crawler.awaitErrors(Pattern.compile("listed " + listed + " objects"));
        // With the crawler held, an agent has its leases and waits for their views.
        crawler.signal("STOP");
        PicketProcess agent = agent();
        agent.awaitOutput(Pattern.compile("works for the coordinator"));
        Member held = awaitLeases();
        agent.killAfter(0);
        steward("suspend", held.id());
        assertEquals(0, member().leases(), "a suspended member holds leases");
        PicketProcess refused = agent();
        refused.awaitErrors(Pattern.compile("agent " + held.id() + " is suspended"));
        // The coordinator dies and comes back; nobody else is started anew.
        first.killAfter(0);
        PicketProcess coordinator = coordinator(address);
        coordinator.awaitOutput(LISTENS);
        crawler.signal("CONT");
        steward("resume", held.id());

        PicketProcess.Ended scan = crawler.end().expect(0);
        assertEquals(listed, scan.number("listed"));
        assertEquals(0, scan.number("open"));
        Set<String> alone = findings("solo");
        assertFalse(alone.isEmpty());
        assertEquals(alone, findings("admin"));

        drained(held, refused);
        steward("revoke", held.id());
        refused.awaitErrors(Pattern.compile("agent " + held.id() + " is revoked"));
        assertTrue(run("resume", held.id(), "--data", data("coordinator")).err().contains("for good"));
        coordinator.interrupt();
        coordinator.end().expect(0);
        run("verify", "--data", data("coordinator")).expect(0);
    }

    /// The one agent, as the coordinator sees it.
    private record Member(String id, long leases) {}

    private Member member() {
        String members = run("members", "--data", data("coordinator"), "--json")
                .expect(0)
                .out();
        Matcher agent = AGENT.matcher(members);
        assertTrue(agent.find(), members);
        return new Member(agent.group(1), Long.parseLong(agent.group(2)));
    }

    private void drained(Member member, PicketProcess agent) {
        steward("drain", member.id());
        agent.awaitErrors(Pattern.compile("DRAINING: the coordinator's operator drains this member"));
        String status =
                run("status", "--once", "--data", data("coordinator")).expect(0).out();
        assertTrue(status.contains("draining, 0 leases left, connected"), status);
        steward("resume", member.id());
    }

    private Member awaitLeases() {
        Member member = member();
        for (int looks = 0; member.leases() == 0 && looks < 30; looks++) {
            member = member();
        }
        assertTrue(member.leases() > 0, "the agent has no lease");
        return member;
    }

    private void steward(String command, String member) {
        run(command, member, "--data", data("coordinator")).expect(0);
    }

    private void join(String role, String owner) {
        String code = run("invite", role, "--for", owner, "--data", data("coordinator"))
                .expect(0)
                .lastLine();
        run(role, "join", code, "--data", data(role)).expect(0);
        if (role.equals("agent")) {
            assertEquals(2, run(role, "join", code, "--data", data("other")).status(), "an invite served twice");
        }
    }

    private PicketProcess coordinator(String listen) {
        return start("coordinator", "--data", data("coordinator"), "--listen", listen);
    }

    private PicketProcess agent() {
        return start("agent", "run", "--data", data("agent"), "--provider", "cpu");
    }

    private Set<String> findings(String member) {
        String rows =
                run("findings", "--data", data(member), "--json").expect(0).out();
        return FINDING.matcher(rows).results().map(row -> row.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private String data(String name) {
        return folder.resolve(name).toString();
    }

    private PicketProcess start(String... arguments) {
        PicketProcess process = PicketProcess.start(folder, arguments);
        processes.add(process);
        return process;
    }

    private PicketProcess.Ended run(String... arguments) {
        return PicketProcess.run(folder, arguments);
    }
}
