package org.picket.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.picket.proto.v1.ScanProgress;
import org.picket.proto.v1.SitesGrpc;
import org.picket.proto.v1.WatchScanRequest;

@Timeout(60)
class BreaksTest {
    private final CountDownLatch watched = new CountDownLatch(1);
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void begin() {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = Servers.socket(
                any,
                ChannelSettings.DEFAULT,
                List.of(
                        new SitesGrpc.SitesImplBase() {
                            @Override
                            public void watch(WatchScanRequest request, StreamObserver<ScanProgress> answer) {
                                answer.onNext(ScanProgress.getDefaultInstance());
                                watched.countDown();
                            }
                        }.bindService()),
                List.of());
        channel = Channels.socket(
                new InetSocketAddress(any.getAddress(), server.getPort()), ChannelSettings.DEFAULT, List.of());
    }

    @AfterEach
    void end() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void serverThatEndsAtOnceMayBeAskedAgain() throws Exception {
        CompletableFuture<Status> outcome = watch(Context.ROOT);
        watched.await();
        server.shutdownNow();
        Status.Code code = outcome.get().getCode();
        assertEquals(Status.Code.UNAVAILABLE, code);
    }

    @Test
    void callEndedHereStaysCancelled() throws Exception {
        Context.CancellableContext context = Context.ROOT.withCancellation();
        CompletableFuture<Status> outcome = watch(context);
        watched.await();
        context.cancel(null);
        assertEquals(Status.Code.CANCELLED, outcome.get().getCode());
    }

    private CompletableFuture<Status> watch(Context context) {
        CompletableFuture<Status> outcome = new CompletableFuture<>();
        Thread.ofVirtual().start(context.wrap(() -> {
            try {
                Iterator<ScanProgress> progress =
                        SitesGrpc.newBlockingStub(channel).watch(WatchScanRequest.getDefaultInstance());
                while (progress.hasNext()) {
                    progress.next();
                }
                outcome.complete(Status.OK);
            } catch (StatusRuntimeException e) {
                outcome.complete(e.getStatus());
            }
        }));
        return outcome;
    }
}
