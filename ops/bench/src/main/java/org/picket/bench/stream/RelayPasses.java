package org.picket.bench.stream;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.picket.agent.intake.ChosenRoutes;
import org.picket.agent.intake.DirectRoutes;
import org.picket.agent.intake.ViewSource;
import org.picket.bench.Figure;
import org.picket.bench.Workplace;
import org.picket.proto.v1.Grant;
import org.picket.runtime.channel.Address;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.identity.Credentials;
import org.picket.runtime.identity.Party;
import org.picket.runtime.time.TimeSource;

/// Views by TLS, directly and over the relay in turn: as fast as they come, and as fast as a model of a given
/// speed takes them. Three processes: crawler, relay (with a heap of 64 MiB) and this one as the agent.
final class RelayPasses {
    private static final int WARM_UPS = 2;
    private static final int WINDOW = 64;
    private static final int[] RATES = {500, 1_000, 2_000};
    private static final long TICK_NANOS = 5_000_000;
    private static final double MEGA = 1e6;
    private static final double GIGA = 1e9;
    private static final double KIBI = 1_024;

    private RelayPasses() {}

    static void run(Workplace workplace) throws IOException {
        RelayCast cast = RelayCast.make();
        int passes = workplace.amount(3, 7);
        int count = workplace.amount(4_000, 10_000);
        Credentials agent = cast.credentials(RelayCast.AGENT);
        try (Other relay =
                        new Other(List.of("-Xmx64m", "-XX:MaxDirectMemorySize=64m"), RelayHost.class, cast.digits());
                Other crawler = new Other(
                        List.of(),
                        RelaySender.class,
                        cast.digits(),
                        relay.said(),
                        Integer.toString(count),
                        workplace.folder().toString());
                DirectRoutes direct = new DirectRoutes(cast.tls(), () -> Optional.of(agent))) {
            ManagedChannel toRelay = Channels.secure(
                    new Address("127.0.0.1", Integer.parseInt(relay.said())),
                    cast.tls().client(() -> Optional.of(agent), Party.COORDINATOR),
                    ChannelSettings.DEFAULT,
                    List.of());
            ChosenRoutes routes = new ChosenRoutes(
                    direct, toRelay, cast.introduction(RelayCast.AGENT, workplace.folder()), TimeSource.system());
            Grant near = cast.direct(Integer.parseInt(crawler.said()));
            Grant far = cast.relayed();
            flatOut(passes, count, relay, routes, near, far);
            for (int rate : RATES) {
                paced(passes, rate, routes, near, far);
            }
            toRelay.shutdownNow();
        }
    }

    private static void flatOut(int passes, int count, Other relay, ChosenRoutes routes, Grant near, Grant far) {
        List<Double> direct = new ArrayList<>();
        List<Double> relayed = new ArrayList<>();
        List<Double> heap = new ArrayList<>();
        List<Double> resident = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        for (int i = -WARM_UPS; i < passes; i++) {
            double one = receive(routes, near, Long.MAX_VALUE);
            Duration before = relay.cpu();
            double other = receive(routes, far, Long.MAX_VALUE);
            double gigabytes = (double) count * StreamSender.VIEW_BYTES / GIGA;
            if (i >= 0) {
                direct.add(one);
                relayed.add(other);
                cpu.add(relay.cpu().minus(before).toNanos() / GIGA / gigabytes);
                heap.add(Double.parseDouble(relay.ask()));
                resident.add(relay.resident());
            }
        }
        List<String> conditions = List.of("views=" + count);
        new Figure("stream.direct_tls", "MB/s", direct, conditions).print();
        new Figure("stream.relay", "MB/s", relayed, conditions).print();
        new Figure("stream.relay_to_direct.flat_out", "ratio", Figure.ratios(relayed, direct), conditions).print();
        new Figure("stream.relay.cpu", "s/GB", cpu, conditions).print();
        new Figure("stream.relay.heap_after_pass", "MiB", heap, conditions).print();
        new Figure("stream.relay.resident_after_pass", "MiB", resident, conditions).print();
    }

    private static void paced(int passes, int rate, ChosenRoutes routes, Grant near, Grant far) {
        List<Double> direct = new ArrayList<>();
        List<Double> relayed = new ArrayList<>();
        for (int i = 0; i < passes; i++) {
            direct.add(receive(routes, near, rate));
            relayed.add(receive(routes, far, rate));
        }
        new Figure(
                        "stream.relay_to_direct",
                        "ratio",
                        Figure.ratios(relayed, direct),
                        List.of("views_per_second_asked=" + rate))
                .print();
    }

    /// @param rate views taken in a second
    /// @return megabytes a second
    private static double receive(ChosenRoutes routes, Grant grant, long rate) {
        Taker taker = new Taker();
        long start = System.nanoTime();
        ViewSource.Opened opened = routes.to(grant).getFirst().open(grant, WINDOW, taker);
        long asked = WINDOW;
        while (!taker.end.isDone()) {
            long due = rate == Long.MAX_VALUE
                    ? Long.MAX_VALUE
                    : (long) ((System.nanoTime() - start) / GIGA * rate) + WINDOW;
            long more = Math.min(due, taker.frames + WINDOW) - asked;
            if (more > 0) {
                opened.request((int) more);
                asked += more;
            }
            LockSupport.parkNanos(rate == Long.MAX_VALUE ? TICK_NANOS / 10 : TICK_NANOS);
        }
        Status end = taker.end.join();
        if (!end.isOk()) {
            throw new IllegalStateException("a pass failed: " + end);
        }
        return taker.bytes / MEGA / ((System.nanoTime() - start) / GIGA);
    }

    private static final class Taker implements ViewSource.Taker {
        private final CompletableFuture<Status> end = new CompletableFuture<>();
        private volatile long frames;
        private volatile long bytes;

        @Override
        public void take(ViewFrame frame) {
            if (frame instanceof ViewFrame.Chunk chunk) {
                bytes += chunk.pixels().length();
                chunk.pixels().release();
            }
            frames++;
        }

        @Override
        public void closed(Status status) {
            end.complete(status);
        }
    }

    /// Another process of the bench.
    private static final class Other implements AutoCloseable {
        private final Process process;
        private final BufferedReader output;
        private final String said;

        Other(List<String> options, Class<?> main, String... arguments) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(options);
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
            command.addAll(List.of(arguments));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            output = process.inputReader();
            said = output.readLine();
        }

        /// Its first line.
        String said() {
            return said;
        }

        /// Another line.
        String ask() {
            try {
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
                return output.readLine();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// Memory of the process that is in use, as Linux tells it.
        double resident() {
            try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
                return lines.filter(line -> line.startsWith("VmRSS:"))
                        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / KIBI)
                        .findFirst()
                        .orElse(0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Duration cpu() {
            return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            process.destroy();
        }
    }
}
