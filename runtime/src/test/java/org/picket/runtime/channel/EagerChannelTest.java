package org.picket.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.picket.proto.v1.FinishListingRequest;
import org.picket.proto.v1.ListingsGrpc;

class EagerChannelTest {
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

    /// It is on its way to two minutes by then.
    @Test
    @Timeout(60)
    void looksHaveAChannelThatNobodyCallsTryAgain() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        AtomicLong nanos = new AtomicLong();
        try (ServerSocket deaf = new ServerSocket(0, 1, loopback)) {
            ManagedChannel channel = eager(deaf, nanos);
            try {
                for (int i = 0; i < ATTEMPTS; i++) {
                    Thread hangUp = Thread.ofVirtual().start(() -> accept(deaf));
                    while (hangUp.isAlive()) {
                        Connection.of(channel);
                        nanos.addAndGet(EagerChannel.FOR_A_LOOK.toNanos());
                        Thread.onSpinWait();
                    }
                }
            } finally {
                channel.shutdownNow();
            }
        }
    }

    /// Who can make a member call again and again cannot make it connect as often.
    @Test
    void callsWithinTheSameMomentDoNotConnectEach() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket deaf = new ServerSocket(0, 50, loopback)) {
            Thread hangUp = Thread.ofVirtual().start(() -> {
                while (!deaf.isClosed()) {
                    accept(deaf);
                    connections.incrementAndGet();
                }
            });
            ManagedChannel channel = eager(deaf, new AtomicLong());
            try {
                for (int i = 0; i < 50; i++) {
                    assertThrows(
                            StatusRuntimeException.class,
                            () -> ListingsGrpc.newBlockingStub(channel)
                                    .finish(FinishListingRequest.getDefaultInstance()));
                }
            } finally {
                channel.shutdownNow();
            }
            assertTrue(connections.get() < 10, connections + " connections");
            assertTrue(hangUp.isAlive());
        }
    }

    private static ManagedChannel eager(ServerSocket deaf, AtomicLong nanos) {
        return new EagerChannel(
                NettyChannelBuilder.forAddress((InetSocketAddress) deaf.getLocalSocketAddress())
                        .usePlaintext()
                        .build(),
                nanos::get);
    }

    private static void accept(ServerSocket deaf) {
        try {
            deaf.accept().close();
        } catch (IOException e) {
            if (!deaf.isClosed()) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
