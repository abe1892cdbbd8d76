package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A site that accepts agents of its own region alone, as processes on loopback.
@Tag("long")
class CirclesIT {
    private static final Pattern LISTENS = Pattern.compile("listens at (127\\.0\\.0\\.1:\\d+)");

    @TempDir
    private Path folder;

    private final List<PicketProcess> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.reversed().forEach(PicketProcess::stop);
        PicketProcess.awaitNoOrphan(folder.resolve("coordinator"));
    }

    @Test
    void agentOutsideTheCircleIsToldSoAndOneOfItDoesTheWork() throws InterruptedException {
        String samples = Admin.samples(folder, 40, 41).toString();
        start("coordinator", "--data", data("coordinator"), "--listen", "127.0.0.1:0")
                .awaitOutput(LISTENS);
        join("crawler", "crawler", "example.org", "--circle", "region:us");
        join("agent", "alice", "alice");
        join("agent", "bob", "bob", "--circle", "region:eu");
        PicketProcess.Ended members =
                run("members", "--data", data("coordinator"), "--json").expect(0);
        assertTrue(members.out().contains("\"region\":\"eu\""), members.out());
        PicketProcess.Ended faulty = crawler(samples, "--circle", "bob").end().expect(2);
        assertTrue(faulty.err().contains("\"bob\" is not own, operator:NAME"), faulty.err());

        // What its invite said, until its own settings say otherwise.
        PicketProcess invited = crawler(samples);
        invited.awaitErrors(Pattern.compile("for this circle alone: region:us \\(as its invite said\\)"));
        invited.stop();
        PicketProcess crawler = crawler(samples, "--circle", "own,region:eu");
        crawler.awaitErrors(Pattern.compile("for this circle alone: own, region:eu\\R"));
        crawler.awaitErrors(Pattern.compile("listed \\d+ objects"));
        agent("alice").awaitErrors(Pattern.compile("OUTSIDE_CIRCLE"));
        assertFalse(crawler.endsWithin(2_000), "an agent outside the circle did the work");
        agent("bob");
        PicketProcess.Ended scan = crawler.end().expect(0);
        assertEquals(0, scan.number("open"));
        assertEquals(scan.number("listed"), scan.ruled());
    }

    private void join(String role, String name, String owner, String... more) {
        List<String> invite = new ArrayList<>(List.of("invite", role, "--for", owner, "--data", data("coordinator")));
        invite.addAll(List.of(more));
        String code = run(invite.toArray(String[]::new)).expect(0).lastLine();
        run(role, "join", code, "--data", data(name)).expect(0);
    }

    private PicketProcess crawler(String samples, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "crawler",
                "run",
                "--storage",
                samples,
                "--data",
                data("crawler"),
                "--views",
                "relay",
                "--once",
                "--json"));
        arguments.addAll(List.of(more));
        return start(arguments.toArray(String[]::new));
    }

    private PicketProcess agent(String name) {
        return start("agent", "run", "--data", data(name), "--provider", "cpu");
    }

    private PicketProcess start(String... arguments) {
        PicketProcess process = PicketProcess.start(folder, arguments);
        processes.add(process);
        return process;
    }

    private PicketProcess.Ended run(String... arguments) {
        return start(arguments).end();
    }

    private String data(String name) {
        return folder.resolve(name).toString();
    }
}
