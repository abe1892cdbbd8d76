package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.drill.Hosts.Host;
import org.picket.drill.Hosts.Way;

/// Three hosts, two of them behind routers ([Hosts]): scans whose views go over the coordinator, then directly. Each
/// line is cut for half a minute, one way, the other way, and both ways, while there is work.
@Order(1)
@Tag("long")
class HostsIT {
    private static final String LISTEN = "0.0.0.0:7443";
    private static final String ADDRESS = Hosts.COORDINATOR_ADDRESS + ":7443";
    private static final int VIEWS_PORT = 7444;
    private static final int METRICS_PORT = 9464;

    private static final long CUT_SECONDS = 30;
    /// What was under way when a line was cut has come through or is lost by then.
    private static final long SETTLE_SECONDS = 20;
    /// From the mending of a line to the next ruling.
    private static final long BACK_SECONDS = 120;
    private static final long LOOK_MILLIS = 250;

    /// Of the way on which views reach the agent: some ten a second, so that there is work as long as lines are cut.
    private static final int SLOW_KILOBITS = 12_000;
    /// Of the way over the coordinator, where it is the other one: views take it while the direct line is cut.
    private static final int SLOWER_KILOBITS = 6_000;

    private static final Way CRAWLER_LINE = new Way(Host.COORDINATOR, Host.CRAWLER);
    private static final Way AGENT_LINE = new Way(Host.COORDINATOR, Host.AGENT);
    private static final Way DIRECT_LINE = new Way(Host.CRAWLER, Host.AGENT);

    @TempDir
    private Path folder;

    private final List<PicketProcess> processes = new ArrayList<>();
    private Hosts hosts;
    private PicketProcess.Ended listed;

    @BeforeEach
    void makeHosts() {
        hosts = Hosts.open();
    }

    @AfterEach
    void end() {
        processes.reversed().forEach(PicketProcess::stop);
        hosts.close();
        PicketProcess.awaitNoOrphan(folder.resolve("coordinator"));
    }

    @Test
    void relayedScanLosesNothingAndDoesNothingTwiceThoughEachLineIsCut() throws InterruptedException {
        String store = samples(1_300, 31);
        List<Admin.Row> alone = scanAlone(store);
        PicketProcess coordinator = collective();
        agent();
        PicketProcess crawler = crawler(store, "--views", "relay");
        hosts.pace(AGENT_LINE, SLOW_KILOBITS);
        work(0);
        for (Way line : List.of(CRAWLER_LINE, AGENT_LINE)) {
            for (Cut cut : cuts(line)) {
                assertEquals(0, cut(cut), () -> "work went on though the line was cut: " + cut.way());
            }
        }
        assertFalse(crawler.endsWithin(0), "the scan was over before the last line was cut");
        hosts.unpace(AGENT_LINE);
        whole(crawler, alone);
        verified(coordinator);
    }

    /// The agent may call the crawler, and nobody else may.
    @Test
    void directScanLosesNothingAndDoesNothingTwiceThoughTheLineIsCut() throws InterruptedException {
        String store = samples(900, 32);
        List<Admin.Row> alone = scanAlone(store);
        PicketProcess coordinator = collective();
        hosts.layDirectLine();
        PicketProcess crawler = crawler(
                store, "--listen", "0.0.0.0:" + VIEWS_PORT, "--address", Hosts.CRAWLER_ADDRESS + ":" + VIEWS_PORT);
        assertTrue(hosts.reaches(Host.AGENT, Hosts.CRAWLER_ADDRESS, VIEWS_PORT), "the crawler cannot be reached");
        assertFalse(
                hosts.reaches(Host.COORDINATOR, Hosts.CRAWLER_BEHIND_NAT, VIEWS_PORT),
                "the coordinator reaches the crawler, which is to be behind a router");
        hosts.pace(DIRECT_LINE, SLOW_KILOBITS);
        hosts.pace(AGENT_LINE, SLOWER_KILOBITS);
        for (Cut cut : cuts(DIRECT_LINE)) {
            // One that was just started calls directly first, whatever became of the line before.
            long relayed = relayed();
            PicketProcess agent = agent();
            work(ruled());
            assertEquals(relayed, relayed(), "views went over the coordinator though the line holds");
            cut(cut);
            agent.stop();
        }
        agent();
        assertFalse(crawler.endsWithin(0), "the scan was over before the line was cut");
        hosts.unpace(DIRECT_LINE);
        hosts.unpace(AGENT_LINE);
        whole(crawler, alone);
        verified(coordinator);
    }

    private static List<Cut> cuts(Way line) {
        return List.of(
                new Cut(line, hosts -> hosts.cut(line), hosts -> hosts.mend(line)),
                new Cut(line.back(), hosts -> hosts.cut(line.back()), hosts -> hosts.mend(line.back())),
                new Cut(line, hosts -> hosts.line(line, false), hosts -> hosts.line(line, true)));
    }

    /// What is done to a line, and undone.
    private record Cut(Way way, Consumer<Hosts> cut, Consumer<Hosts> mend) {}

    /// Cuts a line, mends it, and waits until work goes on.
    ///
    /// @return views that were ruled on after those under way had come through, and before the line was mended
    private long cut(Cut cut) {
        cut.cut().accept(hosts);
        pause(SETTLE_SECONDS);
        long settled = ruled();
        pause(CUT_SECONDS - SETTLE_SECONDS);
        long after = ruled();
        cut.mend().accept(hosts);
        long mended = System.nanoTime();
        work(after);
        System.err.println(cut.way() + ": back after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - mended)
                + " ms, relayed " + relayed() + " ruled " + settled + " " + after);
        return after - settled;
    }

    /// Waits until more is ruled than that.
    private void work(long than) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(BACK_SECONDS);
        while (ruled() <= than) {
            assertTrue(
                    System.nanoTime() < deadline,
                    () -> "no work goes on\n"
                            + processes.stream().map(PicketProcess::errors).toList());
            pauseMillis(LOOK_MILLIS);
        }
    }

    /// What one process alone finds.
    private List<Admin.Row> scanAlone(String store) {
        Admin solo = Admin.of(folder, "solo");
        listed = solo.run("scan", store, "--json").expect(0);
        List<Admin.Row> found = solo.findings();
        assertFalse(found.isEmpty(), "nothing to find");
        return found;
    }

    /// All that was to be done was done, and once: what one process alone found, ruled and no more than that.
    private void whole(PicketProcess crawler, List<Admin.Row> alone) {
        PicketProcess.Ended scan = crawler.end().expect(0);
        assertEquals(0, scan.number("open"));
        for (String outcome : List.of("cleared", "flagged", "inconclusive", "known", "gone")) {
            assertEquals(listed.number(outcome), ruled("outcome=\"" + outcome + "\""), outcome);
        }
        assertEquals(listed.number("views"), ruled(), "views were ruled on twice, or not at all");
        assertEquals(alone.size(), read(Host.COORDINATOR, "picket_orders_total{removal=\"quarantine\"}"));
        assertEquals(alone.size(), read(Host.COORDINATOR, "picket_receipts_total{outcome=\"quarantined\"}"));
        long acknowledged = read(Host.AGENT, "picket_agent_events_total{agent=\"1\",event=\"verdict_accepted\"}");
        long accepted = read(Host.COORDINATOR, "picket_verdicts_accepted_total");
        assertTrue(acknowledged > 0 && acknowledged <= accepted, () -> acknowledged + " of " + accepted);
        assertEquals(0, read(Host.AGENT, "picket_agent_events_total{agent=\"1\",event=\"verdict_rejected\"}"));
        List<Admin.Row> together = rows(run(Host.COORDINATOR, "admin", "findings", "--csv"));
        assertEquals(keys(alone), keys(together));
        assertEquals(alone.size(), together.size());
        assertEquals(
                Set.of("QUARANTINED"), together.stream().map(Admin.Row::state).collect(Collectors.toSet()));
    }

    /// The ledger has it all, and holds.
    private void verified(PicketProcess coordinator) {
        coordinator.interrupt();
        coordinator.end().expect(0);
        Admin.of(folder, "coordinator").run("verify").expect(0);
    }

    private static Set<String> keys(List<Admin.Row> rows) {
        return rows.stream().map(Admin.Row::key).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Admin.Row> rows(PicketProcess.Ended findings) {
        return findings.out()
                .lines()
                .skip(1)
                .map(line -> new Admin.Row(List.of(line.split(",", -1))))
                .toList();
    }

    /// Views that were ruled on.
    private long ruled() {
        return read(Host.COORDINATOR, "picket_views_ruled_total");
    }

    /// Bytes of views that went over the coordinator.
    private long relayed() {
        return read(Host.COORDINATOR, "picket_relay_bytes_total");
    }

    private long ruled(String label) {
        return read(Host.COORDINATOR, "picket_rulings_total{" + label + "}");
    }

    private long read(Host host, String name) {
        Matcher line =
                Pattern.compile("(?m)^" + Pattern.quote(name) + " (\\S+)$").matcher(hosts.scrape(host, METRICS_PORT));
        return line.find() ? (long) Double.parseDouble(line.group(1)) : 0;
    }

    private static void pause(long seconds) {
        pauseMillis(TimeUnit.SECONDS.toMillis(seconds));
    }

    private static void pauseMillis(long millis) {
        try {
            new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String samples(int count, long seed) {
        return Admin.samples(folder, count, seed).toString();
    }

    /// A coordinator, and members that have joined.
    private PicketProcess collective() {
        PicketProcess coordinator = start(
                Host.COORDINATOR,
                "coordinator",
                "coordinator",
                "--listen",
                LISTEN,
                "--address",
                ADDRESS,
                "--metrics",
                "127.0.0.1:" + METRICS_PORT);
        coordinator.awaitOutput(Pattern.compile("listens at"));
        join(Host.CRAWLER, "crawler");
        join(Host.COORDINATOR, "admin");
        join(Host.AGENT, "agent");
        return coordinator;
    }

    private void join(Host host, String role) {
        String code = run(Host.COORDINATOR, "coordinator", "invite", role, "--for", "example.org")
                .lastLine();
        run(host, role, role, "join", code);
    }

    private PicketProcess agent() {
        PicketProcess agent = start(
                Host.AGENT, "agent", "agent", "run", "--provider", "cpu", "--metrics", "127.0.0.1:" + METRICS_PORT);
        agent.awaitOutput(Pattern.compile("works for the coordinator"));
        return agent;
    }

    private PicketProcess crawler(String store, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("crawler", "run", "--storage", store, "--mode", "quarantine", "--once", "--json"));
        arguments.addAll(List.of(more));
        PicketProcess crawler = start(Host.CRAWLER, "crawler", arguments.toArray(String[]::new));
        crawler.awaitErrors(Pattern.compile("listed [\\d, ]+ objects"));
        return crawler;
    }

    private PicketProcess.Ended run(Host host, String data, String... arguments) {
        return start(host, data, arguments).end().expect(0);
    }

    private PicketProcess start(Host host, String data, String... arguments) {
        List<String> command = new ArrayList<>(PicketProgram.command());
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", folder.resolve(data).toString()));
        PicketProcess process =
                PicketProcess.startOther(folder, PicketProcess.SHORT_LEASES, hosts.within(host, command));
        processes.add(process);
        return process;
    }
}
