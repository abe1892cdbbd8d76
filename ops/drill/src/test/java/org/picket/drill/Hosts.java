package org.picket.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Three hosts on this machine, in network namespaces: a coordinator's, and two that reach it and nothing else,
/// as behind routers of different houses. Needs root and iproute2.
final class Hosts implements AutoCloseable {
    /// Where both others reach the coordinator.
    static final String COORDINATOR_ADDRESS = "10.213.0.1";

    private static final String CRAWLER_NETWORK = "10.213.1";
    private static final String AGENT_NETWORK = "10.213.2";
    private static final List<Path> PROGRAMS =
            List.of(Path.of("/usr/sbin/ip"), Path.of("/sbin/ip"), Path.of("/usr/bin/ip"));
    private static final long SECONDS = 20;

    private final String tag;

    /// One of the three.
    enum Host {
        COORDINATOR,
        CRAWLER,
        AGENT;

        private String word() {
            return name().substring(0, 2).toLowerCase(java.util.Locale.ROOT);
        }
    }

    Hosts() {
        tag = "pk" + ProcessHandle.current().pid() % 100_000;
        for (Host host : Host.values()) {
            ip("netns", "add", space(host));
            ip("-n", space(host), "link", "set", "lo", "up");
        }
        ip("-n", space(Host.COORDINATOR), "addr", "add", COORDINATOR_ADDRESS + "/32", "dev", "lo");
        join(Host.CRAWLER, CRAWLER_NETWORK);
        join(Host.AGENT, AGENT_NETWORK);
        // Nothing passes from one to the other: both only dial out.
        run(within(Host.COORDINATOR, List.of("sh", "-c", "echo 0 > /proc/sys/net/ipv4/ip_forward")));
    }

    /// Whether there can be such hosts here.
    static boolean possible() {
        return "root".equals(System.getProperty("user.name"))
                && PROGRAMS.stream().anyMatch(Files::isExecutable)
                && attempt(List.of("ip", "netns", "list"));
    }

    private void join(Host host, String network) {
        String near = tag + host.word() + "0";
        String far = tag + host.word() + "1";
        ip(
                "link",
                "add",
                near,
                "netns",
                space(Host.COORDINATOR),
                "type",
                "veth",
                "peer",
                "name",
                far,
                "netns",
                space(host));
        ip("-n", space(Host.COORDINATOR), "addr", "add", network + ".1/24", "dev", near);
        ip("-n", space(host), "addr", "add", network + ".2/24", "dev", far);
        ip("-n", space(Host.COORDINATOR), "link", "set", near, "up");
        ip("-n", space(host), "link", "set", far, "up");
        ip("-n", space(host), "route", "add", COORDINATOR_ADDRESS, "via", network + ".1");
    }

    /// Cuts a host's line, or mends it.
    void line(Host host, boolean works) {
        String near = tag + host.word() + "0";
        ip("-n", space(Host.COORDINATOR), "link", "set", near, works ? "up" : "down");
    }

    /// Lets nothing more through to a host, which still gets its own words out; or lets it through again.
    void answers(Host host, boolean pass) {
        ip(
                "-n",
                space(Host.COORDINATOR),
                "route",
                pass ? "del" : "add",
                "blackhole",
                (host == Host.CRAWLER ? CRAWLER_NETWORK : AGENT_NETWORK) + ".2/32");
    }

    /// A command on a host.
    List<String> within(Host host, List<String> command) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", space(host)));
        words.addAll(command);
        return words;
    }

    private String space(Host host) {
        return tag + host.word();
    }

    private static void ip(String... words) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        run(command);
    }

    private static void run(List<String> command) {
        if (!attempt(command)) {
            throw new IllegalStateException("failed: " + String.join(" ", command));
        }
    }

    private static boolean attempt(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
            if (!ended) {
                System.err.println(String.join(" ", command) + ": " + said);
            }
            return ended;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
