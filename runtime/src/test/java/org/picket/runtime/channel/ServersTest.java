package org.picket.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.picket.proto.v1.EnrolRequest;
import org.picket.proto.v1.EnrolResponse;
import org.picket.proto.v1.EnrolmentGrpc;
import org.picket.proto.v1.FinishListingRequest;
import org.picket.proto.v1.ListingsGrpc;

@Timeout(60)
class ServersTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
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

    @Test
    void connectionsOfOneAddressHaveABound() throws IOException {
        Server server = listening(new EnrolmentGrpc.EnrolmentImplBase() {});
        List<Socket> taken = new ArrayList<>();
        try {
            for (int i = 0; i < ConnectionBounds.OF_ONE; i++) {
                Socket socket = new Socket(LOOPBACK, server.getPort());
                taken.add(socket);
                assertTrue(greets(socket), "refused within the bound");
            }
            try (Socket beyond = new Socket(LOOPBACK, server.getPort())) {
                assertFalse(greets(beyond), "taken beyond the bound");
            }
            taken.removeFirst().close();
            boolean again = false;
            for (int i = 0; i < 10_000 && !again; i++) {
                try (Socket next = new Socket(LOOPBACK, server.getPort())) {
                    again = greets(next);
                }
            }
            assertTrue(again, "a connection that was closed still counts");
        } finally {
            for (Socket socket : taken) {
                socket.close();
            }
            server.shutdownNow();
        }
    }

    /// An HTTP/2 server speaks first.
    private static boolean greets(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketException reset) {
            return false;
        }
    }

    private static Server listening(BindableService service) {
        return Servers.socket(
                new InetSocketAddress(LOOPBACK, 0), ChannelSettings.DEFAULT, List.of(service.bindService()), List.of());
    }

    @Test
    void messageOfAStrangerIsRefusedBeforeItIsWhole() {
        List<EnrolRequest> seen = new CopyOnWriteArrayList<>();
        Server server = listening(new EnrolmentGrpc.EnrolmentImplBase() {
            @Override
            public void enrol(EnrolRequest request, StreamObserver<EnrolResponse> observer) {
                seen.add(request);
                observer.onNext(EnrolResponse.getDefaultInstance());
                observer.onCompleted();
            }
        });
        ManagedChannel channel =
                Channels.socket(new InetSocketAddress(LOOPBACK, server.getPort()), ChannelSettings.DEFAULT, List.of());
        EnrolmentGrpc.EnrolmentBlockingStub stranger = EnrolmentGrpc.newBlockingStub(channel);
        stranger.enrol(EnrolRequest.newBuilder().setName("short").build());
        EnrolRequest large =
                EnrolRequest.newBuilder().setName("x".repeat(4 * 1_024 * 1_024)).build();
        StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> stranger.enrol(large));
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode(), refused::toString);
        stranger.enrol(EnrolRequest.newBuilder().setName("short").build());
        assertEquals(
                List.of("short", "short"),
                seen.stream().map(EnrolRequest::getName).toList());
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void callOfAStrangerThatSaysNothingIsEnded() throws Exception {
        StrangerBounds bounds = new StrangerBounds(Duration.ofMillis(100));
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(LOOPBACK, 0))
                .addService(new EnrolmentGrpc.EnrolmentImplBase() {})
                .intercept(bounds)
                .addStreamTracerFactory(bounds)
                .build()
                .start();
        ManagedChannel channel =
                Channels.socket(new InetSocketAddress(LOOPBACK, server.getPort()), ChannelSettings.DEFAULT, List.of());
        CompletableFuture<Status> end = new CompletableFuture<>();
        // A client that says it will send more than one message begins the call before it has any.
        MethodDescriptor<EnrolRequest, EnrolResponse> method = EnrolmentGrpc.getEnrolMethod().toBuilder()
                .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
                .build();
        ClientCall<EnrolRequest, EnrolResponse> silent = channel.newCall(method, CallOptions.DEFAULT);
        silent.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(status);
                    }
                },
                new Metadata());
        silent.request(1);
        Status status = end.get(30, TimeUnit.SECONDS);
        assertEquals(Status.Code.DEADLINE_EXCEEDED, status.getCode(), status::toString);
        assertTrue(String.valueOf(status.getDescription()).contains("from its first byte"), status::toString);
        channel.shutdownNow();
        server.shutdownNow();
        bounds.close();
    }

    private static void callAndEnd(Server server, ManagedChannel channel) throws InterruptedException {
        ListingsGrpc.ListingsBlockingStub listings = ListingsGrpc.newBlockingStub(channel);
        assertThrows(StatusRuntimeException.class, () -> listings.finish(FinishListingRequest.getDefaultInstance()));
        channel.shutdownNow();
        server.shutdownNow();
        assertTrue(server.awaitTermination(10, TimeUnit.SECONDS));
    }
}
