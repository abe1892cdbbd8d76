package org.picket.crawler.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.picket.crawler.match.Fingerprint;
import org.picket.crawler.match.ListSet;
import org.picket.crawler.match.PdqHash;
import org.picket.crawler.source.Fetched;
import org.picket.crawler.source.ObjectReference;
import org.picket.crawler.source.SourceException;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.HashType;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.proto.v1.ListKind;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.proto.v1.SuppliedObject;
import org.picket.proto.v1.SuppliesGrpc;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Pixels;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.channel.ViewsWire;

@Timeout(30)
class SupplyTest {
    private static final int VIEW_BYTES = 12;
    private static final int BURST = 16;
    private static final SupplySettings SETTINGS =
            new SupplySettings(3, 3, 2, 16, 4_096, 1_000, 8, Duration.ofMillis(2), Duration.ofSeconds(20));
    private static final Attempts QUICK = new Attempts(4, Duration.ofMillis(1), Duration.ofMillis(2));

    private final MemorySource source = new MemorySource();
    private final SuppliesFake coordinator = new SuppliesFake();
    private volatile ListSet lists = ListSet.NONE;
    private volatile List<Fingerprint> prints = List.of();
    private final AtomicInteger decoded = new AtomicInteger();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void viewsComeInOrderAndEachSegmentIsReportedBeforeItsEnd() throws InterruptedException {
        fill(150);
        Agent agent = agent(SETTINGS, 4);
        List<ViewFrame> frames = agent.all();
        assertTrue(agent.status().isOk(), agent.status().toString());
        int ordinal = -1;
        int view = 0;
        int segments = 0;
        for (ViewFrame frame : frames) {
            switch (frame) {
                case ViewFrame.Chunk chunk -> {
                    view = chunk.ordinal() == ordinal ? view + 1 : 0;
                    assertTrue(chunk.ordinal() >= ordinal, "ordinals go back");
                    ordinal = chunk.ordinal();
                    assertEquals(view, chunk.view());
                    assertEquals(
                            coordinator.objects().get(ordinal).getViews().getDigests(view),
                            Digest.of(chunk.pixels().array()).bytes(),
                            "the digest that the coordinator was told");
                }
                case ViewFrame.Segment segment -> {
                    assertEquals(64 * segments, segment.from());
                    segments++;
                    assertTrue(ordinal < segment.to());
                }
                case ViewFrame.End end -> assertEquals(150, end.objects());
            }
        }
        assertEquals(3, segments);
        assertEquals(
                List.of(64, 64, 22),
                coordinator.reports.stream().map(r -> r.getObjectsCount()).toList());
        assertEquals(
                List.of(false, false, true),
                coordinator.reports.stream().map(r -> r.getLast()).toList());
        assertTrue(coordinator.probes.get() < 150, coordinator.probes + " probes for 150 objects");
        assertFalse(agent.sawSegmentBeforeReport, "a segment's end came before its report");
    }

    @Test
    void objectOnAListIsReportedAndNeitherProbedNorDecodedNorSent() throws InterruptedException {
        fill(3);
        lists = ShortLists.of(9, HashType.SHA256, Digest.of(content(1)).toByteArray());
        Agent agent = agent(SETTINGS, 100);
        List<ViewFrame> frames = agent.all();
        assertTrue(agent.status().isOk(), agent.status().toString());
        assertTrue(frames.stream().noneMatch(frame -> frame instanceof ViewFrame.Chunk chunk && chunk.ordinal() == 1));
        assertEquals(2, decoded.get());
        SuppliedObject listed = coordinator.objects().get(1);
        assertEquals(1, listed.getListed().getHitsCount());
        assertEquals(9, listed.getListed().getHits(0).getListId());
        assertEquals(Digest.of(content(1)).bytes(), listed.getSha256());
    }

    @Test
    void pictureOnAListIsReportedAndNotSent() throws InterruptedException {
        fill(3);
        prints = List.of(print(new PdqHash(1, 2, 3, 4)));
        lists = ShortLists.of(5, HashType.PDQ, new PdqHash(0, 2, 3, 4).toByteArray());
        Agent agent = agent(SETTINGS, 100);
        List<ViewFrame> frames = agent.all();
        assertTrue(agent.status().isOk(), agent.status().toString());
        assertTrue(frames.stream().noneMatch(ViewFrame.Chunk.class::isInstance), "a view was sent");
        coordinator.objects().forEach(object -> {
            assertEquals(1, object.getListed().getHits(0).getDistance());
            assertEquals(90, object.getListed().getHits(0).getQuality());
        });
    }

    private static Fingerprint print(PdqHash hash) {
        return new Fingerprint(Collections.nCopies(Fingerprint.VARIANTS, hash), 90);
    }

    @Test
    void animationWithOneAllowedPictureIsSentAsIfNoListHadIt() throws InterruptedException {
        fill(3);
        PdqHash allowed = new PdqHash(1, 2, 3, 4);
        prints = List.of(print(allowed), print(new PdqHash(-1, -1, -1, -1)));
        lists = ShortLists.of(5, ListKind.ALLOW, HashType.PDQ, allowed.toByteArray());
        coordinator.scored.add(Digest.of(content(2)).bytes());
        List<ViewFrame> frames = agent(SETTINGS, 100).all();
        for (int i = 0; i < 2; i++) {
            int ordinal = i;
            assertTrue(coordinator.objects().get(i).hasViews());
            assertTrue(frames.stream()
                    .anyMatch(frame -> frame instanceof ViewFrame.Chunk chunk && chunk.ordinal() == ordinal));
        }
        assertTrue(coordinator.objects().get(2).getKnown());
    }

    @Test
    void objectOfWhichEveryPictureIsAllowedIsReportedAndNotSent() throws InterruptedException {
        fill(2);
        PdqHash allowed = new PdqHash(1, 2, 3, 4);
        prints = List.of(print(allowed), print(new PdqHash(0, 2, 3, 4)));
        lists = ShortLists.of(5, ListKind.ALLOW, HashType.PDQ, allowed.toByteArray());
        List<ViewFrame> frames = agent(SETTINGS, 100).all();
        assertTrue(frames.stream().noneMatch(ViewFrame.Chunk.class::isInstance), "a view was sent");
        assertTrue(coordinator.objects().stream().allMatch(SuppliedObject::hasListed));
    }

    @Test
    void contentClearedBeforeTheListsHadGrownIsMatchedAndStaysKnownWhereNoListHasIt() throws InterruptedException {
        fill(2);
        prints = List.of(print(new PdqHash(1, 2, 3, 4)));
        coordinator.scored.add(Digest.of(content(0)).bytes());
        coordinator.scored.add(Digest.of(content(1)).bytes());
        lists = ShortLists.of(5, HashType.PDQ, new PdqHash(-1, -1, -1, -1).toByteArray());
        Agent agent = agent(SETTINGS, 100);
        List<ViewFrame> frames = agent.all();
        assertTrue(frames.stream().noneMatch(ViewFrame.Chunk.class::isInstance), "a view was sent");
        assertEquals(2, decoded.get());
        assertTrue(coordinator.objects().stream().allMatch(SuppliedObject::getKnown));
    }

    @Test
    void agentThatTakesNothingHoldsTheSupplyUp() throws InterruptedException {
        fill(500);
        Agent agent = agent(SETTINGS, 0);
        agent.call.request(1);
        assertTrue(agent.frames.poll(10, TimeUnit.SECONDS) instanceof ViewFrame.Chunk);
        agent.call.request(40);
        for (int i = 0; i < 40; i++) {
            assertTrue(agent.frames.poll(10, TimeUnit.SECONDS) != null);
        }
        // 41 views are out, and a burst waits; beyond them no more than the window and the threads may be touched.
        int most = 41 + BURST + SETTINGS.window() + SETTINGS.fetchers() + 2;
        assertTrue(source.fetches() <= most, source.fetches() + " objects fetched, of at most " + most);
        agent.call.request(10_000);
        assertTrue(agent.closed().isOk());
        assertEquals(500, coordinator.reported());
    }

    @Test
    void eachFateIsToldWithItsReason() throws InterruptedException {
        fill(6);
        ObjectReference other = new ObjectReference("b", "v2", 1, Instant.EPOCH);
        source.answer(key(1), new Fetched.Gone())
                .answer(key(2), new Fetched.Changed(other))
                .answer(key(3), new Fetched.Unreachable(Fetched.Reason.TIMED_OUT))
                .answer(key(4), new Fetched.Unreachable(Fetched.Reason.PERMISSION_DENIED))
                .put(key(5), new byte[2_000])
                .put(key(6), new byte[0]);
        coordinator.ruled.add(Digest.of(content(0)).bytes());
        List<ViewFrame> frames = agent(SETTINGS, 100).all();
        assertEquals(List.of(new ViewFrame.Segment(0, 7), new ViewFrame.End(7)), frames);
        List<SuppliedObject> told = coordinator.objects();
        assertTrue(told.get(0).getKnown());
        assertTrue(told.get(1).getGone());
        assertEquals(
                InconclusiveReason.CHANGED_WHILE_READ,
                told.get(2).getInconclusive().getReason());
        assertEquals(
                InconclusiveReason.UNREACHABLE, told.get(3).getInconclusive().getReason());
        assertEquals(
                InconclusiveReason.UNREADABLE, told.get(4).getInconclusive().getReason());
        assertEquals(InconclusiveReason.TOO_LARGE, told.get(5).getInconclusive().getReason());
        assertEquals(InconclusiveReason.EMPTY, told.get(6).getInconclusive().getReason());
        assertEquals(1, decoded.get(), "only the empty object came to the decoder");
    }

    @Test
    void leaseOfAPartSuppliesThatPart() throws InterruptedException {
        fill(20);
        coordinator.terms = coordinator.terms.toBuilder()
                .setAfterKey(key(4))
                .setMaxObjects(3)
                .build();
        List<ViewFrame> frames = agent(SETTINGS, 100).all();
        assertEquals(new ViewFrame.End(3), frames.getLast());
        assertEquals(
                List.of(key(5), key(6), key(7)),
                coordinator.objects().stream().map(SuppliedObject::getKey).toList());
        assertTrue(coordinator.reports.getLast().getLast());
    }

    @Test
    void emptyRangeIsReportedAsOver() throws InterruptedException {
        assertEquals(List.of(new ViewFrame.End(0)), agent(SETTINGS, 10).all());
        assertEquals(1, coordinator.reports.size());
        assertTrue(coordinator.reports.getFirst().getLast());
    }

    @Test
    void agentThatGoesAwayEndsTheWork() throws InterruptedException {
        fill(500);
        Agent agent = agent(SETTINGS, 0);
        agent.call.request(1);
        assertTrue(agent.frames.poll(10, TimeUnit.SECONDS) instanceof ViewFrame.Chunk);
        agent.call.cancel("gone", new IllegalStateException("gone"));
        assertEquals(Status.Code.CANCELLED, agent.closed().getCode());
        // The place of the lease is free again, and again: there are two.
        for (int i = 0; i < 4; i++) {
            coordinator.reports.clear();
            assertTrue(retried(agent).isOk());
        }
    }

    private Status retried(Agent before) throws InterruptedException {
        Status status = Status.RESOURCE_EXHAUSTED;
        for (int i = 0; i < 1_000 && status.getCode() == Status.Code.RESOURCE_EXHAUSTED; i++) {
            Agent next = new Agent(before.channel, 10_000);
            status = next.closed();
        }
        return status;
    }

    @Test
    void refusedTicketIsPassedOn() throws InterruptedException {
        coordinator.refusal = Status.FAILED_PRECONDITION.withDescription("the lease is no longer current");
        assertEquals(
                Status.Code.FAILED_PRECONDITION, agent(SETTINGS, 10).closed().getCode());
    }

    @Test
    void coordinatorThatIsAwayForAMomentCostsNothing() throws InterruptedException {
        fill(30);
        coordinator.failures.set(3);
        Agent agent = agent(SETTINGS, 1_000);
        assertTrue(agent.closed().isOk());
        assertEquals(30, coordinator.reported());
    }

    @Test
    void agentHearsNothingOfTheStorageThatCannotBeListed() throws InterruptedException {
        source.trouble(new SourceException("bucket holiday-2026 at s3.example.org: access denied"));
        Status status = agent(SETTINGS, 10).closed();
        assertEquals(Status.Code.UNAVAILABLE, status.getCode());
        assertEquals("the storage cannot be listed", status.getDescription());
    }

    @Test
    void storageIsListedByAThreadThatMayBlock() throws InterruptedException {
        fill(3);
        assertTrue(agent(SETTINGS, 10).closed().isOk());
        assertFalse(source.lister().orElseThrow().isVirtual(), "reading files holds on to a carrier");
    }

    private void fill(int count) {
        for (int i = 0; i < count; i++) {
            source.put(key(i), content(i));
        }
    }

    private static String key(int i) {
        return "%05d".formatted(i);
    }

    private static byte[] content(int i) {
        byte[] content = new byte[100];
        new Random(i).nextBytes(content);
        return content;
    }

    private Viewed decode(byte[] bytes, int viewSize, long maxPixels, boolean fingerprinted) {
        decoded.incrementAndGet();
        if (bytes.length == 0) {
            return new Viewed.None(InconclusiveReason.EMPTY, "");
        }
        Random random = new Random(bytes[0]);
        return new Viewed.Views(
                IntStream.rangeClosed(0, random.nextInt(3))
                        .mapToObj(view -> {
                            byte[] pixels = new byte[VIEW_BYTES];
                            random.nextBytes(pixels);
                            return Pixels.of(pixels);
                        })
                        .toList(),
                fingerprinted ? prints : List.of());
    }

    private Agent agent(SupplySettings settings, int window) {
        String name = "supply-" + System.identityHashCode(this);
        Server server =
                Servers.inProcess(name + "-c", ChannelSettings.DEFAULT, List.of(coordinator.bindService()), List.of());
        ManagedChannel channel = Channels.inProcess(name + "-c", ChannelSettings.DEFAULT, List.of());
        Supply supply = new Supply(
                source,
                this::decode,
                SuppliesGrpc.newBlockingStub(channel),
                QUICK,
                settings,
                digest -> lists,
                () -> Instant.EPOCH);
        Server views = Servers.inProcess(name, ChannelSettings.DEFAULT, List.of(supply.service()), List.of());
        ManagedChannel toViews = Channels.inProcess(name, ChannelSettings.DEFAULT, List.of());
        open.add(server::shutdownNow);
        open.add(channel::shutdownNow);
        open.add(supply);
        open.add(views::shutdownNow);
        open.add(toViews::shutdownNow);
        return new Agent(toViews, window);
    }

    /// The agent's end of a stream.
    private final class Agent extends ClientCall.Listener<ViewFrame> {
        private final ManagedChannel channel;
        private final ClientCall<OpenViewsRequest, ViewFrame> call;
        private final BlockingQueue<ViewFrame> frames = new ArrayBlockingQueue<>(10_000);
        private final CompletableFuture<Status> closed = new CompletableFuture<>();
        private volatile boolean sawSegmentBeforeReport;

        Agent(ManagedChannel channel, int window) {
            this.channel = channel;
            this.call = channel.newCall(ViewsWire.open(), CallOptions.DEFAULT);
            call.start(this, new Metadata());
            if (window > 0) {
                call.request(window);
            }
            call.sendMessage(OpenViewsRequest.getDefaultInstance());
            call.halfClose();
        }

        @Override
        public void onMessage(ViewFrame frame) {
            if (frame instanceof ViewFrame.Segment segment && coordinator.reported() < segment.to()) {
                sawSegmentBeforeReport = true;
            }
            frames.add(frame);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            closed.complete(status);
        }

        List<ViewFrame> all() throws InterruptedException {
            List<ViewFrame> all = new ArrayList<>();
            while (!(closed.isDone() && frames.isEmpty())) {
                ViewFrame next = frames.poll(10, TimeUnit.MILLISECONDS);
                if (next != null) {
                    all.add(next);
                    call.request(1);
                }
            }
            return all;
        }

        Status status() {
            return closed.getNow(Status.UNKNOWN);
        }

        Status closed() throws InterruptedException {
            try {
                return closed.get(20, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                throw new AssertionError("the stream did not end", e);
            }
        }
    }
}
