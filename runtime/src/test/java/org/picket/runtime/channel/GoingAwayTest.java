package org.picket.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.picket.proto.v1.PullOrdersRequest;
import org.picket.proto.v1.PullOrdersResponse;
import org.picket.proto.v1.RemovalsGrpc;

/// Two servers as good as each other, of which one or the other ends in good order and starts again, and
/// callers who know both.
@Timeout(60)
class GoingAwayTest {
    private static final int CALLERS = 8;
    private static final int ROUNDS = 20;
    private static final int CALLS_BETWEEN = 50;

    private final AtomicLong made = new AtomicLong();
    private final List<Server> servers = new ArrayList<>();
    private final Queue<StatusRuntimeException> failures = new ConcurrentLinkedQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void end() {
        servers.forEach(Server::shutdownNow);
    }

    @Test
    void noCallFailsWhereOneOfTwoServersEndsInGoodOrder() throws Exception {
        servers.add(serve(0));
        servers.add(serve(0));
        NameResolverRegistry.getDefaultRegistry().register(new AddressesResolver.Provider());
        Addresses both = new Addresses(servers.stream()
                .map(server -> new Address("127.0.0.1", server.getPort()))
                .toList());
        ManagedChannel channel = Channels.build(
                NettyChannelBuilder.forTarget(AddressesResolver.target(both)).usePlaintext(),
                ChannelSettings.DEFAULT,
                List.of(),
                Channels.Unbegun.SENT_AGAIN);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.ofVirtual().start(() -> call(channel)));
        }
        for (int round = 0; round < ROUNDS; round++) {
            int which = round % 2;
            awaitCalls();
            int port = servers.get(which).getPort();
            Servers.end(servers.get(which));
            assertTrue(servers.get(which).isTerminated());
            awaitCalls();
            servers.set(which, serve(port));
        }
        over.countDown();
        for (Thread caller : callers) {
            caller.join();
        }
        Channels.end(channel);
        assertEquals(List.of(), List.copyOf(failures), () -> "of " + made + " calls");
    }

    private static Server serve(int port) {
        return Servers.socket(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                ChannelSettings.DEFAULT,
                List.of(
                        new RemovalsGrpc.RemovalsImplBase() {
                            @Override
                            public void pull(PullOrdersRequest request, StreamObserver<PullOrdersResponse> answer) {
                                answer.onNext(PullOrdersResponse.getDefaultInstance());
                                answer.onCompleted();
                            }
                        }.bindService()),
                List.of());
    }

    private void call(ManagedChannel channel) {
        while (over.getCount() > 0) {
            try {
                RemovalsGrpc.newBlockingStub(channel).pull(PullOrdersRequest.getDefaultInstance());
            } catch (StatusRuntimeException e) {
                failures.add(e);
                return;
            }
            made.incrementAndGet();
        }
    }

    private void awaitCalls() throws InterruptedException {
        long until = made.get() + CALLS_BETWEEN;
        while (made.get() < until && failures.size() < CALLERS) {
            over.await(1, TimeUnit.MILLISECONDS);
        }
    }
}
