package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.BindableService;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.agent.intake.ViewSource;
import org.picket.coordinator.authority.Authority;
import org.picket.coordinator.relay.RelaySettings;
import org.picket.crawler.supply.Attendance;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.DirectRoute;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.runtime.channel.FrameOutlet;
import org.picket.runtime.channel.FrameSink;
import org.picket.runtime.channel.Pixels;
import org.picket.runtime.channel.RelayPiece;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.identity.Credentials;

/// Views over a relay: who gets them, what a relay could do with them, and what it holds.
class RelayedViewsIT {
    private static final int VIEW_BYTES = 32 * 32 * 3;

    @TempDir
    private Path folder;

    private Optional<RelayStage> stage = Optional.empty();
    private final AtomicInteger sent = new AtomicInteger();

    private RelayStage stage(RelaySettings settings, UnaryOperator<BindableService> between) {
        RelayStage made = new RelayStage(settings, fresh(), between);
        stage = Optional.of(made);
        return made;
    }

    /// Another collective knows nobody of the one before.
    private Path fresh() {
        try {
            return Files.createTempDirectory(folder, "stage");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RelayStage stage() {
        return stage(RelaySettings.STANDARD, UnaryOperator.identity());
    }

    @AfterEach
    void close() {
        stage.ifPresent(RelayStage::close);
    }

    private static byte[] pixels(int number) {
        byte[] pixels = new byte[VIEW_BYTES];
        Arrays.fill(pixels, (byte) number);
        return pixels;
    }

    /// Sends so many views, and says how many were sent.
    private void supply(OpenViewsRequest request, FrameOutlet outlet, int views, IntFunction<byte[]> pixels) {
        FrameSink sink = new FrameSink(outlet, Duration.ofSeconds(30));
        Thread.ofVirtual().start(() -> {
            try {
                for (int view = 0; view < views; view++) {
                    sink.send(new ViewFrame.Chunk(view, 0, Pixels.of(pixels.apply(view))));
                    sent.incrementAndGet();
                }
                sink.send(new ViewFrame.Segment(0, views));
                sink.send(new ViewFrame.End(views));
                sink.complete();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (io.grpc.StatusRuntimeException e) {
                sink.fail(e.getStatus());
            }
        });
    }

    /// What an agent gets.
    private static final class Received implements ViewSource.Taker {
        /// Of large views it keeps none, and counts them alone.
        final List<ViewFrame> frames = new ArrayList<>();

        final AtomicInteger count = new AtomicInteger();
        final CompletableFuture<Status> end = new CompletableFuture<>();

        @Override
        public synchronized void take(ViewFrame frame) {
            count.incrementAndGet();
            if (frame instanceof ViewFrame.Chunk chunk && chunk.pixels().length() > VIEW_BYTES) {
                chunk.pixels().release();
            } else {
                frames.add(frame);
            }
        }

        @Override
        public void closed(Status status) {
            end.complete(status);
        }

        Status await() {
            try {
                return end.get(120, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new AssertionError("the stream does not end after " + count + " frames", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static Received open(RelayStage stage, Credentials as, Grant grant, int frames) {
        Received received = new Received();
        stage.routes(as).to(grant).getLast().open(grant, frames, received);
        return received;
    }

    @Test
    void viewsComeAsTheyWereSent() {
        RelayStage stage = stage();
        stage.attend(stage.crawler, (request, outlet) -> supply(request, outlet, 200, RelayedViewsIT::pixels));
        Received received = open(stage, stage.agent, stage.grant(stage.crawler), 1_000);
        assertEquals(Status.Code.OK, received.await().getCode());
        assertEquals(202, received.frames.size());
        for (int view = 0; view < 200; view++) {
            ViewFrame.Chunk chunk = (ViewFrame.Chunk) received.frames.get(view);
            assertEquals(view, chunk.ordinal());
            assertArrayEquals(pixels(view), chunk.pixels().array());
        }
        assertEquals(new ViewFrame.End(200), received.frames.getLast());
    }

    @Test
    void agentBelievesOnlyTheCrawlerThatTheGrantNames() {
        RelayStage stage = stage();
        Credentials other = stage.member(RelayStage.CRAWLER);
        stage.attend(other, (request, outlet) -> supply(request, outlet, 1, RelayedViewsIT::pixels));
        Received received = open(stage, stage.agent, stage.grant(stage.crawler), 10);
        assertEquals(Status.Code.UNAVAILABLE, received.await().getCode());
        assertEquals(List.of(), received.frames);
    }

    @Test
    void memberThatComesWithAnotherKeyIsRefused() {
        RelayStage stage = stage();
        Attendance own =
                stage.attend(stage.crawler, (request, outlet) -> supply(request, outlet, 1, RelayedViewsIT::pixels));
        assertEquals(
                Status.Code.OK,
                open(stage, stage.agent, stage.grant(stage.crawler), 10).await().getCode());
        // Else it would come back and take the place again.
        own.close();
        // A coordinator that would give the crawler's number to a key of its own.
        Credentials forged = stage.member(RelayStage.CRAWLER);
        stage.attend(forged, (request, outlet) -> supply(request, outlet, 1, RelayedViewsIT::pixels));
        Received received = open(stage, stage.agent, stage.grant(forged), 10);
        String end = String.valueOf(received.await());
        assertTrue(end.contains("another key"), end);
        assertEquals(List.of(), received.frames);
    }

    @Test
    void nobodyElseOpensAnything() {
        RelayStage stage = stage();
        stage.attend(stage.crawler, (request, outlet) -> supply(request, outlet, 1, RelayedViewsIT::pixels));
        Credentials other = stage.member(RelayStage.AGENT);
        assertEquals(
                Status.Code.PERMISSION_DENIED,
                open(stage, other, stage.grant(stage.crawler), 10).await().getCode());
        // Whom the coordinator lets in with the agent's certificate, but not with its key, the crawler refuses.
        Credentials stranger =
                stage.member(new Authority(SigningKey.generate(stage.random), stage.random), RelayStage.AGENT);
        Received received = new Received();
        Grant grant = stage.grant(stage.crawler);
        new org.picket.agent.intake.ChosenRoutes(
                        new org.picket.agent.intake.DirectRoutes(stage.tls, () -> Optional.of(stage.agent)),
                        stage.as(stage.agent),
                        stage.introduction("stranger", stranger),
                        org.picket.runtime.time.TimeSource.system())
                .to(grant)
                .getLast()
                .open(grant, 10, received);
        assertEquals(Status.Code.UNAVAILABLE, received.await().getCode());
        assertEquals(0, sent.get(), "views were sent to a stranger");
    }

    /// Whom the storage's circle leaves out is not even met: the file of known members stays as it is.
    @Test
    void agentThatIsNotLetInLeavesNoTrace() throws IOException {
        RelayStage stage = stage();
        stage.attend(stage.crawler, new Attendance.ViewSupply() {
            @Override
            public Optional<Status> refusal(OpenViewsRequest request) {
                return Optional.of(Status.PERMISSION_DENIED.withDescription("not of this storage's circle"));
            }

            @Override
            public void supply(OpenViewsRequest request, FrameOutlet outlet) {
                throw new IllegalStateException("views are supplied to an agent that is not let in");
            }
        });
        Received received = open(stage, stage.agent, stage.grant(stage.crawler), 10);
        Status end = received.await();
        assertEquals(Status.Code.PERMISSION_DENIED, end.getCode());
        assertTrue(String.valueOf(end.getDescription()).contains("not of this storage's circle"), end::toString);
        try (Stream<Path> files = Files.walk(folder)) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.getFileName().toString().equals("crawler"))
                            .toList());
        }
    }

    @Test
    void crawlerWaitsForTheAgentAndTheRelayHoldsNoMoreThanItsCredit() {
        RelayStage stage = stage();
        byte[] large = new byte[500 * 500 * 3];
        stage.attend(stage.crawler, (request, outlet) -> supply(request, outlet, 60, _ -> large));
        Received received = new Received();
        Grant grant = stage.grant(stage.crawler);
        ViewSource.Opened opened = stage.routes(stage.agent).to(grant).getLast().open(grant, 4, received);
        // What the crawler's own transport, the credit and the agent's transport hold together; half a second without
        // another view shows that no more comes.
        long bound = 4L * large.length + 3L * Limits.RELAY_CREDIT_BYTES + 24L * 1_024 * 1_024;
        int before = -1;
        while (before < sent.get() || sent.get() == 0) {
            before = sent.get();
            settle();
        }
        assertTrue((long) sent.get() * large.length < bound, () -> sent.get() + " views under way");
        assertTrue(received.count.get() <= 4, () -> received.count + " taken");
        opened.request(100);
        assertEquals(Status.Code.OK, received.await().getCode());
        assertEquals(62, received.count.get());
    }

    private static void settle() {
        try {
            new java.util.concurrent.CountDownLatch(1).await(500, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void quotaEndsTheStreamWithItsReason() {
        RelaySettings usual = RelaySettings.STANDARD;
        RelayStage stage = stage(
                new RelaySettings(usual.streams(), 100_000, usual.agentBytes(), usual.meet(), usual.attend()),
                UnaryOperator.identity());
        stage.attend(stage.crawler, (request, outlet) -> supply(request, outlet, 200, RelayedViewsIT::pixels));
        Status status =
                open(stage, stage.agent, stage.grant(stage.crawler), 1_000).await();
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, status.getCode());
        assertTrue(String.valueOf(status.getDescription()).contains("this site's views have had the 100000 bytes"));
        assertEquals(
                Status.Code.RESOURCE_EXHAUSTED,
                open(stage, stage.agent, stage.grant(stage.crawler), 1_000)
                        .await()
                        .getCode());
    }

    @Test
    void endedLeaseEndsItsStream() {
        RelayStage stage = stage();
        stage.attend(stage.crawler, (request, outlet) -> supply(request, outlet, 100_000, RelayedViewsIT::pixels));
        Received received = open(stage, stage.agent, stage.grant(stage.crawler), 10);
        stage.leaseOver.set(true);
        stage.relay.sweep();
        assertFalse(received.await().isOk());
    }

    @Test
    void agentOfACrawlerThatCannotBeReachedTriesTheRelayAndRemembersIt() {
        RelayStage stage = stage();
        Grant grant = stage.grant(stage.crawler).toBuilder()
                .setDirect(DirectRoute.newBuilder().setAddress("127.0.0.1:1").setCrawlerMemberId(3))
                .build();
        var routes = stage.routes(stage.agent);
        assertEquals(2, routes.to(grant).size());
        Received received = new Received();
        routes.to(grant).getFirst().open(grant, 10, received);
        assertEquals(Status.Code.UNAVAILABLE, received.await().getCode());
        assertEquals(1, routes.to(grant).size(), "the crawler that could not be reached is tried at once again");
        Grant directAlone = grant.toBuilder().clearRelay().build();
        assertEquals(1, routes.to(directAlone).size(), "no way is left");
    }

    /// A relay that changes what it copies.
    private static BindableService meddling(BindableService honest, Meddler meddler) {
        return () -> {
            ServerServiceDefinition definition = honest.bindService();
            ServerServiceDefinition.Builder changed = ServerServiceDefinition.builder(
                    definition.getServiceDescriptor().getName());
            for (ServerMethodDefinition<?, ?> method : definition.getMethods()) {
                add(changed, method, meddler);
            }
            return changed.build();
        };
    }

    @FunctionalInterface
    private interface Meddler {
        /// What goes on in place of the frame of that number.
        List<RelayPiece> instead(int number, RelayPiece.Frame frame);
    }

    private static <A, B> void add(
            ServerServiceDefinition.Builder to, ServerMethodDefinition<A, B> method, Meddler meddler) {
        AtomicInteger number = new AtomicInteger();
        to.addMethod(
                method.getMethodDescriptor(),
                (call, headers) -> method.getServerCallHandler()
                        .startCall(
                                new io.grpc.ForwardingServerCall.SimpleForwardingServerCall<A, B>(call) {
                                    @Override
                                    @SuppressWarnings("unchecked")
                                    public void sendMessage(B message) {
                                        if (message instanceof RelayPiece.Frame frame) {
                                            meddler.instead(number.getAndIncrement(), frame)
                                                    .forEach(piece -> super.sendMessage((B) piece));
                                        } else {
                                            super.sendMessage(message);
                                        }
                                    }
                                },
                                headers));
    }

    private Status meddled(Meddler meddler) {
        close();
        RelayStage stage = stage(RelaySettings.STANDARD, honest -> meddling(honest, meddler));
        stage.attend(stage.crawler, (request, outlet) -> supply(request, outlet, 5, RelayedViewsIT::pixels));
        Received received = open(stage, stage.agent, stage.grant(stage.crawler), 100);
        return received.await();
    }

    @Test
    void relayThatLeavesOutRepeatsOrCutsIsNoticed() {
        assertEquals(Status.Code.OK, meddled((_, frame) -> List.of(frame)).getCode());
        Status left = meddled((number, frame) -> number == 2 ? List.of() : List.of(frame));
        assertTrue(String.valueOf(left.getDescription()).contains("does not open"), left::toString);
        Status repeated = meddled((_, frame) -> List.of(frame, frame));
        assertFalse(repeated.isOk());
        Status cut = meddled((number, frame) -> number > 2 ? List.of() : List.of(frame));
        assertTrue(String.valueOf(cut.getDescription()).contains("ended the stream early"), cut::toString);
    }
}
