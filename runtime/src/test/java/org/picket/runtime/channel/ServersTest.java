package org.picket.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.picket.proto.v1.FinishListingRequest;
import org.picket.proto.v1.ListingsGrpc;

@Timeout(60)
class ServersTest {
    private static final ListingsGrpc.ListingsImplBase SERVICE = new ListingsGrpc.ListingsImplBase() {};

    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<String> called = new CopyOnWriteArrayList<>();

    private final class Note implements ServerInterceptor {
        private final String name;

        Note(String name) {
            this.name = name;
        }

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            threads.add(Thread.currentThread());
            called.add(name);
            return next.startCall(call, headers);
        }
    }

    @Test
    void withinAProcessACallOfOneAnswerRunsOnItsCallersThread() throws InterruptedException {
        Server server = Servers.inProcess(
                "servers-test",
                ChannelSettings.DEFAULT,
                List.of(SERVICE.bindService()),
                List.of(new Note("first"), new Note("second")));
        callAndEnd(server, Channels.inProcess("servers-test", ChannelSettings.DEFAULT, List.of()));
        assertEquals(List.of("first", "second"), called);
        assertEquals(Thread.currentThread(), threads.getFirst());
    }

    @Test
    void threadsOfASocketEndWithTheServer() throws InterruptedException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        Server server = Servers.socket(
                new InetSocketAddress(loopback, 0),
                ChannelSettings.DEFAULT,
                List.of(SERVICE.bindService()),
                List.of(new Note("first"), new Note("second")));
        callAndEnd(
                server,
                Channels.socket(new InetSocketAddress(loopback, server.getPort()), ChannelSettings.DEFAULT, List.of()));
        assertEquals(List.of("first", "second"), called);
        // Without an end to them, they would idle for half a minute.
        assertTrue(threads.getFirst().join(Duration.ofSeconds(15)), "a thread outlives its server");
    }

    private static void callAndEnd(Server server, ManagedChannel channel) throws InterruptedException {
        ListingsGrpc.ListingsBlockingStub listings = ListingsGrpc.newBlockingStub(channel);
        assertThrows(StatusRuntimeException.class, () -> listings.finish(FinishListingRequest.getDefaultInstance()));
        channel.shutdownNow();
        server.shutdownNow();
        assertTrue(server.awaitTermination(10, TimeUnit.SECONDS));
    }
}
