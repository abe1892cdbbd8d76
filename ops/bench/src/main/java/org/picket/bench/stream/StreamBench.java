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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.channel.ViewsWire;

/// Streams views from another process over the loopback, and the same bytes over a raw socket channel, turn by
/// turn; then behind a round trip of 40 ms. Prints one JSON line a figure.
public final class StreamBench {
    private static final int PASSES = 7;
    private static final int WARM_UPS = 2;
    private static final int VIEWS = 10_000;
    private static final int FAR_VIEWS = 4_000;
    private static final Duration ROUND_TRIP = Duration.ofMillis(40);
    /// As many frames under way as an agent asks for.
    private static final int WINDOW = 64;

    private static final int RAW_BUFFER_BYTES = 1_024 * 1_024;
    private static final double MEGA = 1e6;
    private static final double GIGA = 1e9;
    private static final MethodDescriptor<OpenViewsRequest, ViewFrame> OPEN = ViewsWire.open();

    private StreamBench() {}

    /// One pass.
    private record Pass(
            double megabytesPerSecond, double receiverSecondsPerGigabyte, double senderSecondsPerGigabyte) {}

    /// One way to move the bytes.
    private interface Way {
        long receive() throws IOException;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (Sender sender = new Sender(VIEWS)) {
            ManagedChannel channel = Channels.socket(address(sender.viewsPort), ChannelSettings.DEFAULT, List.of());
            Pass[] views = new Pass[PASSES];
            Pass[] raw = new Pass[PASSES];
            for (int i = -WARM_UPS; i < PASSES; i++) {
                Pass one = measure(sender, () -> receiveViews(channel));
                Pass other = measure(sender, () -> receiveRaw(sender.rawPort));
                if (i >= 0) {
                    views[i] = one;
                    raw[i] = other;
                }
            }
            channel.shutdownNow();
            print("views_mb_per_s", median(views, Pass::megabytesPerSecond));
            print("raw_mb_per_s", median(raw, Pass::megabytesPerSecond));
            double[] shares = new double[PASSES];
            for (int i = 0; i < PASSES; i++) {
                shares[i] = views[i].megabytesPerSecond / raw[i].megabytesPerSecond;
            }
            print("views_share_of_raw", median(shares));
            print("views_receiver_cpu_s_per_gb", median(views, Pass::receiverSecondsPerGigabyte));
            print("views_sender_cpu_s_per_gb", median(views, Pass::senderSecondsPerGigabyte));
            print("raw_receiver_cpu_s_per_gb", median(raw, Pass::receiverSecondsPerGigabyte));
            print("raw_sender_cpu_s_per_gb", median(raw, Pass::senderSecondsPerGigabyte));
        }
        far();
    }

    private static void far() throws IOException, InterruptedException {
        try (Sender sender = new Sender(FAR_VIEWS);
                DelayProxy proxy = new DelayProxy(sender.viewsPort, ROUND_TRIP)) {
            ManagedChannel channel = Channels.socket(address(proxy.port()), ChannelSettings.DEFAULT, List.of());
            Pass[] passes = new Pass[PASSES];
            for (int i = 0; i < PASSES; i++) {
                passes[i] = measure(sender, () -> receiveViews(channel));
            }
            channel.shutdownNow();
            print("views_behind_40_ms_first_mb_per_s", passes[0].megabytesPerSecond);
            print("views_behind_40_ms_mb_per_s", median(passes, Pass::megabytesPerSecond));
        }
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

    private static double median(Pass[] passes, java.util.function.ToDoubleFunction<Pass> figure) {
        return median(Arrays.stream(passes).mapToDouble(figure).toArray());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void print(String figure, double value) {
        System.out.printf(
                Locale.ROOT,
                "{\"bench\":\"stream\",\"figure\":\"%s\",\"value\":%.3f,\"passes\":%d}%n",
                figure,
                value,
                PASSES);
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
