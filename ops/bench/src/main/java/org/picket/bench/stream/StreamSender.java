package org.picket.bench.stream;

import io.grpc.Server;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.FrameOutlet;
import org.picket.runtime.channel.FrameSink;
import org.picket.runtime.channel.Pixels;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.channel.ViewsWire;

/// The sending process: on one port a views service, on another a raw socket. Each connection or call is sent
/// the same number of bytes. It prints both ports and ends with its input.
public final class StreamSender {
    /// Bytes of a view of 224 × 224.
    static final int VIEW_BYTES = 224 * 224 * 3;

    private static final int RAW_BUFFER_BYTES = 1_024 * 1_024;
    /// Different arrays, so that no cache holds the whole source.
    private static final int SOURCES = 64;

    private StreamSender() {}

    /// @param arguments the number of views to send
    public static void main(String[] arguments) throws IOException {
        int views = Integer.parseInt(arguments[0]);
        Pixels[] sources = sources();
        Server server = Servers.socket(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                ChannelSettings.DEFAULT,
                List.of(ViewsWire.serve((request, observer) ->
                        send(FrameOutlet.to((ServerCallStreamObserver<ViewFrame>) observer), sources, views))),
                List.of());
        try (ServerSocketChannel raw =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Thread.ofPlatform().daemon(true).start(() -> serveRaw(raw, (long) views * VIEW_BYTES));
            System.out.println(server.getPort() + " " + raw.socket().getLocalPort());
            while (System.in.read() >= 0) {
                continue;
            }
        }
        server.shutdownNow();
    }

    static Pixels[] sources() {
        Random random = new Random(1);
        Pixels[] sources = new Pixels[SOURCES];
        for (int i = 0; i < SOURCES; i++) {
            byte[] bytes = new byte[VIEW_BYTES];
            random.nextBytes(bytes);
            sources[i] = Pixels.of(bytes);
        }
        return sources;
    }

    static void send(FrameOutlet outlet, Pixels[] sources, int views) {
        FrameSink sink = new FrameSink(outlet, Duration.ofSeconds(30));
        Thread.ofVirtual().start(() -> {
            try {
                for (int view = 0; view < views; view++) {
                    sink.send(new ViewFrame.Chunk(view, 0, sources[view % SOURCES]));
                }
                sink.send(new ViewFrame.End(views));
                sink.complete();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void serveRaw(ServerSocketChannel listener, long bytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(RAW_BUFFER_BYTES);
        try {
            while (listener.isOpen()) {
                try (SocketChannel channel = listener.accept()) {
                    long left = bytes;
                    while (left > 0) {
                        buffer.clear().limit((int) Math.min(left, RAW_BUFFER_BYTES));
                        while (buffer.hasRemaining()) {
                            left -= channel.write(buffer);
                        }
                    }
                }
            }
        } catch (IOException e) {
            // The listener was closed.
            return;
        }
    }
}
