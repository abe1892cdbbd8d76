package org.picket.bench.stream;

import com.sun.management.OperatingSystemMXBean;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.picket.bench.Bench;
import org.picket.bench.Figure;
import org.picket.bench.Workplace;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.channel.ViewsWire;

/// Streams views from another process over the loopback, and the same bytes over a raw socket channel, turn by
/// turn; then behind a round trip of 40 ms; then by TLS, directly and over a relay in a third process.
public final class StreamBench implements Bench {
    private static final int WARM_UPS = 2;
    private static final Duration ROUND_TRIP = Duration.ofMillis(40);
    /// As many frames under way as an agent asks for.
    private static final int WINDOW = 64;

    private static final int RAW_BUFFER_BYTES = 1_024 * 1_024;
    private static final double MEGA = 1e6;
    private static final double GIGA = 1e9;
    private static final MethodDescriptor<OpenViewsRequest, ViewFrame> OPEN = ViewsWire.open();

    /// One pass.
    private record Pass(
            double megabytesPerSecond, double receiverSecondsPerGigabyte, double senderSecondsPerGigabyte) {}

    /// One way to move the bytes.
    private interface Way {
        long receive() throws IOException;
    }

    @Override
    public void run(Workplace workplace) throws IOException, InterruptedException {
        int passes = workplace.amount(3, 7);
        near(passes, workplace.amount(6_000, 10_000));
        far(passes, workplace.amount(1_500, 4_000));
        RelayPasses.run(workplace);
    }

    private static void near(int passes, int count) throws IOException, InterruptedException {
        List<Pass> views = new ArrayList<>();
        List<Pass> raw = new ArrayList<>();
        try (Sender sender = new Sender(count)) {
            ManagedChannel channel = Channels.socket(address(sender.viewsPort), ChannelSettings.DEFAULT, List.of());
            for (int i = -WARM_UPS; i < passes; i++) {
                Pass one = measure(sender, () -> receiveViews(channel));
                Pass other = measure(sender, () -> receiveRaw(sender.rawPort));
                if (i >= 0) {
                    views.add(one);
                    raw.add(other);
                }
            }
            channel.shutdownNow();
        }
        print("stream.views", "MB/s", views, Pass::megabytesPerSecond, count);
        print("stream.raw", "MB/s", raw, Pass::megabytesPerSecond, count);
        List<Double> upper = views.stream().map(Pass::megabytesPerSecond).toList();
        List<Double> lower = raw.stream().map(Pass::megabytesPerSecond).toList();
        new Figure("stream.views_to_raw", "ratio", Figure.ratios(upper, lower), List.of("views=" + count)).print();
        print("stream.views.receiver_cpu", "s/GB", views, Pass::receiverSecondsPerGigabyte, count);
        print("stream.views.sender_cpu", "s/GB", views, Pass::senderSecondsPerGigabyte, count);
        print("stream.raw.receiver_cpu", "s/GB", raw, Pass::receiverSecondsPerGigabyte, count);
        print("stream.raw.sender_cpu", "s/GB", raw, Pass::senderSecondsPerGigabyte, count);
    }

    private static void far(int passes, int count) throws IOException, InterruptedException {
        List<Pass> views = new ArrayList<>();
        try (Sender sender = new Sender(count);
                DelayProxy proxy = new DelayProxy(sender.viewsPort, ROUND_TRIP)) {
            ManagedChannel channel = Channels.socket(address(proxy.port()), ChannelSettings.DEFAULT, List.of());
            for (int i = 0; i < passes; i++) {
                views.add(measure(sender, () -> receiveViews(channel)));
            }
            channel.shutdownNow();
        }
        print("stream.views_behind_40_ms", "MB/s", views, Pass::megabytesPerSecond, count);
        print("stream.views_behind_40_ms.first", "MB/s", views.subList(0, 1), Pass::megabytesPerSecond, count);
    }

    private static Pass measure(Sender sender, Way path) throws IOException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        Duration senderCpu = sender.cpu();
        long start = System.nanoTime();
        long bytes = path.receive();
        double seconds = (System.nanoTime() - start) / GIGA;
        double gigabytes = bytes / GIGA;
        return new Pass(
                bytes / MEGA / seconds,
                (system.getProcessCpuTime() - cpu) / GIGA / gigabytes,
                sender.cpu().minus(senderCpu).toNanos() / GIGA / gigabytes);
    }

    private static long receiveViews(ManagedChannel channel) {
        CompletableFuture<Long> received = new CompletableFuture<>();
        ClientCall<OpenViewsRequest, ViewFrame> call = channel.newCall(OPEN, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    private long bytes;

                    @Override
                    public void onMessage(ViewFrame frame) {
                        if (frame instanceof ViewFrame.Chunk chunk) {
                            bytes += chunk.pixels().length();
                            chunk.pixels().release();
                        }
                        call.request(1);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        if (status.isOk()) {
                            received.complete(bytes);
                        } else {
                            received.completeExceptionally(status.asRuntimeException());
                        }
                    }
                },
                new Metadata());
        call.request(WINDOW);
        call.sendMessage(OpenViewsRequest.getDefaultInstance());
        call.halfClose();
        return received.join();
    }

    private static long receiveRaw(int port) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(RAW_BUFFER_BYTES);
        long bytes = 0;
        try (SocketChannel channel = SocketChannel.open(address(port))) {
            for (int read = channel.read(buffer); read >= 0; read = channel.read(buffer)) {
                bytes += read;
                buffer.clear();
            }
        }
        return bytes;
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static void print(String name, String unit, List<Pass> passes, Function<Pass, Double> part, int views) {
        new Figure(name, unit, passes.stream().map(part).toList(), List.of("views=" + views)).print();
    }

    /// The other process.
    private static final class Sender implements AutoCloseable {
        private final Process process;
        private final int viewsPort;
        private final int rawPort;

        Sender(int views) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            StreamSender.class.getName(),
                            Integer.toString(views))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader reader = process.inputReader();
            String[] ports = reader.readLine().split(" ");
            viewsPort = Integer.parseInt(ports[0]);
            rawPort = Integer.parseInt(ports[1]);
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
