package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.picket.drill.Hosts.Host;

/// Three hosts of which two reach the coordinator alone: a scan by the relay, whose lines are cut meanwhile.
/// Only where there are root's rights and iproute2.
@EnabledIf(value = "org.picket.drill.Hosts#possible", disabledReason = "needs root and iproute2")
class HostsIT {
    private static final String LISTEN = "0.0.0.0:7443";
    private static final String ADDRESS = Hosts.COORDINATOR_ADDRESS + ":7443";
    private static final long CUT_SECONDS = 30;

    @TempDir
    private Path folder;

    private final List<PicketProcess> processes = new ArrayList<>();
    private final Hosts hosts = new Hosts();

    @AfterEach
    void end() {
        processes.reversed().forEach(PicketProcess::stop);
        PicketProcess.awaitNoOrphan(folder.resolve("coordinator"));
        hosts.close();
    }

    @Test
    void scanOverTheRelayLosesNothingThoughLinesAreCut() {
        String samples = Admin.samples(folder, 1_500, 31).toString();
        long listed = Admin.of(folder, "solo")
                .run("scan", samples, "--json")
                .expect(0)
                .number("listed");
        PicketProcess coordinator =
                start(Host.COORDINATOR, "coordinator", "coordinator", "--listen", LISTEN, "--address", ADDRESS);
        coordinator.awaitOutput(Pattern.compile("listens at"));
        join(Host.CRAWLER, "crawler");
        join(Host.COORDINATOR, "admin");
        join(Host.AGENT, "agent");
        PicketProcess crawler =
                start(Host.CRAWLER, "crawler", "crawler", "run", "--storage", samples, "--once", "--json");
        crawler.awaitErrors(Pattern.compile("listed " + listed + " objects"));
        PicketProcess agent = start(Host.AGENT, "agent", "agent", "run", "--provider", "cpu");
        agent.awaitOutput(Pattern.compile("works for the coordinator"));
        hosts.line(Host.AGENT, false);
        pause();
        hosts.line(Host.AGENT, true);
        hosts.answers(Host.CRAWLER, false);
        pause();
        hosts.answers(Host.CRAWLER, true);
        PicketProcess.Ended scan = crawler.end().expect(0);
        assertEquals(listed, scan.number("listed"));
        assertEquals(0, scan.number("open"));
        Set<String> alone = found(Admin.of(folder, "solo").findings());
        assertFalse(alone.isEmpty());
        String rows = run(Host.COORDINATOR, "admin", "findings", "--csv").out();
        assertEquals(
                alone, rows.lines().skip(1).map(line -> line.split(",", -1)[2]).collect(Collectors.toSet()));
        coordinator.interrupt();
        coordinator.end().expect(0);
        Admin.of(folder, "coordinator").run("verify").expect(0);
    }

    private static Set<String> found(List<Admin.Row> rows) {
        return rows.stream().map(Admin.Row::key).collect(Collectors.toSet());
    }

    private static void pause() {
        try {
            new CountDownLatch(1).await(CUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void join(Host host, String role) {
        String code = run(Host.COORDINATOR, "coordinator", "invite", role, "--for", "example.org")
                .lastLine();
        run(host, role, role, "join", code);
    }

    private PicketProcess.Ended run(Host host, String data, String... arguments) {
        return start(host, data, arguments).end().expect(0);
    }

    private PicketProcess start(Host host, String data, String... arguments) {
        List<String> command = new ArrayList<>(PicketProgram.command());
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", folder.resolve(data).toString()));
        PicketProcess process = PicketProcess.startOther(folder, hosts.within(host, command));
        processes.add(process);
        return process;
    }
}
