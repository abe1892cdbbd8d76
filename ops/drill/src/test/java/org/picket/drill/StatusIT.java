package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the people of a collective see of its work, and how a worker operator limits it.
@Order(60)
@Tag("long")
class StatusIT {
    private static final int LOOKS = 40;
    private static final Pattern TWO_PROCESSES = Pattern.compile("two processes used its key by turns");

    @TempDir
    private Path folder;

    private final List<PicketProcess> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.reversed().forEach(PicketProcess::stop);
        PicketProcess.awaitNoOrphan(folder.resolve("coordinator"));
    }

    @Test
    void pausedAgentIsSeenToBeMissedAndAResumedOneFinishesAndDrains() {
        String samples = Admin.samples(folder, 150, 3).toString();
        start("coordinator", "--data", data("coordinator"), "--listen", "127.0.0.1:0")
                .awaitOutput(Pattern.compile("listens at"));
        join("crawler", "example.org");
        join("admin", "other.example");
        join("agent", "alice");
        run("agent", "pause", "--data", data("agent")).expect(0);
        PicketProcess agent = start("agent", "run", "--data", data("agent"), "--provider", "cpu");
        agent.awaitErrors(Pattern.compile("paused; 'picket agent resume' goes on"));
        PicketProcess crawler =
                start("crawler", "run", "--storage", samples, "--data", data("crawler"), "--once", "--json");
        crawler.awaitErrors(Pattern.compile("listed"));

        String stuck = awaitStatus("coordinator", "no agent is connected: start one");
        assertTrue(stuck.contains("\"leases_all\":0"), stuck);
        assertTrue(stuck.contains("\"site\":\"example.org\",\"circle\":\"everyone\",\"scan\":{"), stuck);
        String others = status("admin");
        assertTrue(others.contains("\"storages\":[],\"leases\":[]"), others);

        run("agent", "resume", "--data", data("agent")).expect(0);
        assertEquals(0, crawler.end().expect(0).number("open"));
        String done = awaitStatus("coordinator", "\"no_lease\":\"NOTHING_LISTED\"");
        assertTrue(done.contains("\"standing\":\"active\""), done);
        String text =
                run("status", "--once", "--data", data("coordinator")).expect(0).out();
        assertTrue(text.contains("1 of 1 agents connected"), text);
        assertTrue(text.contains("no scan under way"), text);

        run("agent", "drain", "--data", data("agent")).expect(0);
        agent.end().expect(0);
    }

    @Test
    void copyOfAnAgentIsNoticedAndBothAreHeldOutUntilTheStewardSays() throws IOException {
        start("coordinator", "--data", data("coordinator"), "--listen", "127.0.0.1:0")
                .awaitOutput(Pattern.compile("listens at"));
        join("agent", "alice");
        copy(folder.resolve("agent"), folder.resolve("copy"));
        PicketProcess agent = start("agent", "run", "--data", data("agent"), "--provider", "cpu");
        agent.awaitOutput(Pattern.compile("works for the coordinator"));
        PicketProcess.Ended second = run("agent", "run", "--data", data("agent"), "--provider", "cpu");
        assertEquals(2, second.status());
        assertTrue(second.err().contains("another process is the agent of"), second.err());

        PicketProcess copy = start("agent", "run", "--data", data("copy"), "--provider", "cpu");
        copy.awaitErrors(TWO_PROCESSES);
        agent.awaitErrors(TWO_PROCESSES);
        String members = run("members", "--json", "--data", data("coordinator"))
                .expect(0)
                .out();
        assertTrue(members.contains("\"standing\":\"suspended\""), members);
        assertTrue(members.contains("\"held_out_for\":\"two processes used its key"), members);

        copy.stop();
        run("resume", "2", "--data", data("coordinator")).expect(0);
        String status = awaitStatus("coordinator", "\"no_lease\":\"NOTHING_LISTED\"");
        assertTrue(status.contains("\"standing\":\"active\",\"leases\":0,\"heard_ms\""), status);
        assertFalse(status.contains("held_out_for"), status);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    @Test
    void faultsOfTheLimitsAreToldAtTheStartAllAtOnce() {
        PicketProcess.Ended ended =
                run("agent", "run", "--data", data("agent"), "--hours", "22-07", "--days", "monday");
        assertEquals(2, ended.status());
        assertTrue(ended.err().contains("agent.hours (flag)"), ended.err());
        assertTrue(ended.err().contains("agent.days (flag)"), ended.err());
    }

    private String status(String who) {
        return run("status", "--json", "--data", data(who)).expect(0).out();
    }

    private String awaitStatus(String who, String words) {
        String status = status(who);
        for (int looks = 0; !status.contains(words) && looks < LOOKS; looks++) {
            status = status(who);
        }
        assertTrue(status.contains(words), status);
        return status;
    }

    private void join(String role, String owner) {
        String code = run("invite", role, "--for", owner, "--data", data("coordinator"))
                .expect(0)
                .lastLine();
        run(role, "join", code, "--data", data(role)).expect(0);
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
