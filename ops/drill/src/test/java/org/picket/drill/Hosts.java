package org.picket.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Three hosts on this machine, each in a network namespace of its own, and the lines between them. Needs root and
/// iproute2, and fails where there are neither: what was not shown is not passed over.
///
/// The crawler and the agent are behind routers: they reach the coordinator, it passes nothing on from one to the
/// other, and nobody opens a connection to either of them over its line to the coordinator. That stands for a NAT:
/// what begins inside gets its answers, what begins outside goes nowhere. Addresses are not translated, as the
/// programs for that are not on every machine. The line between crawler and agent is there only once it is laid.
///
/// A line that is cut one way drops what goes that way in silence; one that is cut both ways is down.
final class Hosts implements AutoCloseable {
    /// Where both others reach the coordinator.
    static final String COORDINATOR_ADDRESS = "10.213.0.1";

    /// Where the agent reaches the crawler, once that line is laid.
    static final String CRAWLER_ADDRESS = "10.213.3.1";

    /// Where the coordinator would reach the crawler, if its router let it.
    static final String CRAWLER_BEHIND_NAT = "10.213.1.2";

    private static final String PREFIX = "picket-hosts-";
    private static final int FULL_KILOBITS = 2_000_000;
    private static final String QUEUE_BYTES = "200000";
    private static final long SECONDS = 20;

    /// So that several runs do not meet.
    private final String tag = PREFIX + ProcessHandle.current().pid() + "-";

    /// One of the three.
    enum Host {
        COORDINATOR,
        CRAWLER,
        AGENT;

        /// As a namespace's last part, and as the interface towards it is called at another host.
        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// One way of a line.
    record Way(Host from, Host to) {
        Way back() {
            return new Way(to, from);
        }
    }

    private Hosts() {}

    /// Makes them, and clears away those of runs that were killed.
    static Hosts open() {
        Hosts hosts = new Hosts();
        try {
            leftovers().forEach(name -> attempt(List.of("ip", "netns", "del", name)));
            hosts.make();
            return hosts;
        } catch (RuntimeException e) {
            hosts.close();
            throw e;
        }
    }

    private void make() {
        for (Host host : Host.values()) {
            must("ip", "netns", "add", space(host));
            must("ip", "-n", space(host), "link", "set", "lo", "up");
        }
        must("ip", "-n", space(Host.COORDINATOR), "addr", "add", COORDINATOR_ADDRESS + "/32", "dev", "lo");
        lay(new Way(Host.COORDINATOR, Host.CRAWLER), "10.213.1");
        lay(new Way(Host.COORDINATOR, Host.AGENT), "10.213.2");
        for (Host host : List.of(Host.CRAWLER, Host.AGENT)) {
            Way way = new Way(Host.COORDINATOR, host);
            String network = host == Host.CRAWLER ? "10.213.1" : "10.213.2";
            must("ip", "-n", space(host), "route", "add", COORDINATOR_ADDRESS, "via", network + ".1");
            refuseNewcomers(way);
        }
    }

    private static Stream<String> leftovers() {
        return must("ip", "netns", "list")
                .lines()
                .map(line -> line.split("\\s")[0])
                .filter(name -> name.startsWith(PREFIX))
                .filter(name -> ProcessHandle.of(
                                Long.parseLong(name.substring(PREFIX.length()).replaceAll("-.*", "")))
                        .isEmpty());
    }

    /// Lays the line between crawler and agent, over which the agent may call.
    void layDirectLine() {
        lay(new Way(Host.CRAWLER, Host.AGENT), "10.213.3");
    }

    private void lay(Way way, String network) {
        String near = space(way.from());
        String far = space(way.to());
        must(
                "ip",
                "-n",
                near,
                "link",
                "add",
                way.to().word(),
                "type",
                "veth",
                "peer",
                "name",
                way.from().word(),
                "netns",
                far);
        must("ip", "-n", near, "addr", "add", network + ".1/24", "dev", way.to().word());
        must(
                "ip",
                "-n",
                far,
                "addr",
                "add",
                network + ".2/24",
                "dev",
                way.from().word());
        must("ip", "-n", near, "link", "set", way.to().word(), "up");
        must("ip", "-n", far, "link", "set", way.from().word(), "up");
        shape(way);
        shape(way.back());
    }

    /// Class 1 is for all that passes, class 3 for what does not.
    private void shape(Way way) {
        tc(way, "qdisc", "add", "root", "handle", "1:", "htb", "default", "1");
        pace("add", way, FULL_KILOBITS);
        tc(way, "qdisc", "add", "parent", "1:1", "handle", "10:", "bfifo", "limit", QUEUE_BYTES);
        tc(way, "class", "add", "parent", "1:", "classid", "1:3", "htb", "rate", "1mbit", "quantum", "1514");
        tc(way, "qdisc", "add", "parent", "1:3", "handle", "30:", "bfifo", "limit", "1");
    }

    /// TCP segments that open a connection and answer none: SYN without ACK, in the byte of flags.
    private void refuseNewcomers(Way way) {
        tc(
                way,
                "filter",
                "add",
                "parent",
                "1:",
                "protocol",
                "ip",
                "u32",
                "match",
                "ip",
                "protocol",
                "6",
                "0xff",
                "match",
                "u8",
                "0x02",
                "0x12",
                "at",
                "33",
                "flowid",
                "1:3");
    }

    /// How much passes from now on.
    void pace(Way way, int kilobits) {
        pace("change", way, kilobits);
    }

    /// As fast as it goes.
    void unpace(Way way) {
        pace("change", way, FULL_KILOBITS);
    }

    private void pace(String verb, Way way, int kilobits) {
        tc(way, "class", verb, "parent", "1:", "classid", "1:1", "htb", "rate", kilobits + "kbit", "quantum", "60000");
    }

    /// Nothing more comes through that way, and nobody is told.
    void cut(Way way) {
        tc(way, "qdisc", "replace", "parent", "1:1", "handle", "11:", "bfifo", "limit", "1");
    }

    /// Undoes a [#cut].
    void mend(Way way) {
        tc(way, "qdisc", "replace", "parent", "1:1", "handle", "10:", "bfifo", "limit", QUEUE_BYTES);
    }

    /// The line is down, or up again.
    void line(Way way, boolean up) {
        must("ip", "-n", space(way.from()), "link", "set", way.to().word(), up ? "up" : "down");
    }

    /// Whether a host can open a connection.
    boolean reaches(Host from, String address, int port) {
        return attempt(within(from, List.of("timeout", "2", "bash", "-c", "exec 3<>/dev/tcp/" + address + "/" + port)))
                .isPresent();
    }

    /// What a host's own Prometheus would read.
    String scrape(Host host, int port) {
        return attempt(within(
                        host,
                        List.of(
                                "timeout",
                                "10",
                                "bash",
                                "-c",
                                "exec 3<>/dev/tcp/127.0.0.1/" + port
                                        + "; printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3")))
                .orElse("");
    }

    /// A command on a host.
    List<String> within(Host host, List<String> command) {
        return Stream.concat(Stream.of("ip", "netns", "exec", space(host)), command.stream())
                .toList();
    }

    private String space(Host host) {
        return tag + host.word();
    }

    private void tc(Way way, String object, String verb, String... rest) {
        List<String> command = new ArrayList<>(List.of(
                "tc", "-n", space(way.from()), object, verb, "dev", way.to().word()));
        command.addAll(List.of(rest));
        must(command.toArray(String[]::new));
    }

    private static String must(String... command) {
        return attempt(List.of(command))
                .orElseThrow(
                        () -> new IllegalStateException("this drill needs network namespaces (root, and ip and tc of"
                                + " iproute2), and this machine refused: " + String.join(" ", command)));
    }

    /// What it said; empty where it failed.
    private static Optional<String> attempt(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor(SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return Optional.of(said);
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("this drill needs ip and tc of iproute2", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        for (Host host : Host.values()) {
            attempt(List.of("ip", "netns", "del", space(host)));
        }
    }
}
