package org.picket.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.picket.proto.v1.FinishListingRequest;
import org.picket.proto.v1.ListingsGrpc;

class ReconnectsTest {
    /// Left to itself, a channel takes more than half a minute for so many attempts.
    private static final int ATTEMPTS = 8;

    @Test
    @Timeout(15)
    void eachCallHasAChannelThatCouldNotConnectTryAgain() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket deaf = new ServerSocket(0, 1, loopback)) {
            ManagedChannel channel = Channels.socket(
                    new InetSocketAddress(loopback, deaf.getLocalPort()), ChannelSettings.DEFAULT, List.of());
            try {
                for (int i = 0; i < ATTEMPTS; i++) {
                    Thread hangUp = Thread.ofVirtual().start(() -> accept(deaf));
                    while (hangUp.isAlive()) {
                        Status.Code code = assertThrows(
                                        StatusRuntimeException.class,
                                        () -> ListingsGrpc.newBlockingStub(channel)
                                                .finish(FinishListingRequest.getDefaultInstance()))
                                .getStatus()
                                .getCode();
                        assertEquals(Status.Code.UNAVAILABLE, code);
                    }
                }
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private static void accept(ServerSocket deaf) {
        try {
            deaf.accept().close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
