package org.picket.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.picket.proto.v1.FinishListingRequest;
import org.picket.proto.v1.ListingsGrpc;

/// Connections whose other end is gone without a word: to the system they are as sound as any.
@Timeout(60)
class SilentPeerTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    /// How HTTP/2 begins, from either side.
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] EMPTY_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
    private static final byte[] SETTINGS_HEARD = {0, 0, 0, 4, 1, 0, 0, 0, 0};

    /// Far shorter than what a connection without probes may stand: hours.
    private static final int PATIENCE_MILLIS = 40_000;

    private static final ChannelSettings SHORT =
            new ChannelSettings(Duration.ofSeconds(50), Duration.ofMillis(100), Duration.ofMillis(100), 16, 16, 65_536);

    @Test
    void serverClosesAConnectionThatAnswersNoProbe() throws IOException {
        Server server = Servers.socket(
                new InetSocketAddress(LOOPBACK, 0),
                SHORT,
                List.of(new ListingsGrpc.ListingsImplBase() {}.bindService()),
                List.of());
        try (Socket silent = new Socket(LOOPBACK, server.getPort())) {
            silent.setSoTimeout(PATIENCE_MILLIS);
            OutputStream out = silent.getOutputStream();
            out.write(PREFACE);
            out.write(EMPTY_SETTINGS);
            out.write(SETTINGS_HEARD);
            long heard = silent.getInputStream().transferTo(OutputStream.nullOutputStream());
            assertTrue(heard > 0, "the server never spoke");
        } finally {
            server.shutdownNow();
        }
    }

    /// Members probe no more often than gRPC lets them: each ten seconds.
    @Test
    void callToAServerThatIsGoneEndsBeforeItsDeadline() throws IOException {
        try (ServerSocket gone = new ServerSocket(0, 1, LOOPBACK)) {
            Thread.ofVirtual().start(() -> speakOnce(gone));
            ManagedChannel channel =
                    Channels.socket(new InetSocketAddress(LOOPBACK, gone.getLocalPort()), SHORT, List.of());
            ListingsGrpc.ListingsBlockingStub listings = ListingsGrpc.newBlockingStub(channel);
            Status status = assertThrows(
                            StatusRuntimeException.class,
                            () -> listings.finish(FinishListingRequest.getDefaultInstance()))
                    .getStatus();
            assertEquals(Status.Code.UNAVAILABLE, status.getCode(), status::toString);
            channel.shutdownNow();
        }
    }

    /// Greets a caller, and says nothing from then on.
    private static void speakOnce(ServerSocket gone) {
        try (Socket caller = gone.accept();
                InputStream in = caller.getInputStream()) {
            caller.getOutputStream().write(EMPTY_SETTINGS);
            caller.getOutputStream().write(SETTINGS_HEARD);
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // The caller has closed it.
            return;
        }
    }
}
