package org.picket.crawler.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.picket.crawler.source.SourceException;
import org.picket.crawler.supply.MemorySource;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.BeginListingRequest;
import org.picket.proto.v1.BeginListingResponse;
import org.picket.proto.v1.FinishListingRequest;
import org.picket.proto.v1.FinishListingResponse;
import org.picket.proto.v1.ListingsGrpc;
import org.picket.proto.v1.ObjectRange;
import org.picket.proto.v1.PushRangesRequest;
import org.picket.proto.v1.PushRangesResponse;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Servers;

class ListerTest {
    private static final int OBJECTS = 9_000;
    private static final StorageId STORAGE = new StorageId(3);

    private final MemorySource source = new MemorySource();
    private final ListingsFake coordinator = new ListingsFake();
    private final Server server =
            Servers.inProcess("listing", ChannelSettings.DEFAULT, List.of(coordinator.bindService()), List.of());
    private final ManagedChannel channel = Channels.inProcess("listing", ChannelSettings.DEFAULT, List.of());
    private final Lister lister = new Lister(
            source,
            ListingsGrpc.newBlockingStub(channel),
            () -> Instant.EPOCH,
            new Attempts(1, Duration.ZERO, Duration.ZERO));

    @AfterEach
    void close() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void listingThatIsCutShortGoesOnWhereItWas() {
        for (int i = 0; i < OBJECTS; i++) {
            source.put("%08d".formatted(i), new byte[3]);
        }
        AtomicInteger pages = new AtomicInteger();
        Listed first = lister.list(STORAGE, Optional.empty(), listed -> {}, () -> pages.incrementAndGet() > 6);
        assertFalse(first.finished());
        assertTrue(coordinator.objects() > 0 && coordinator.objects() < OBJECTS);
        List<Listed> progress = new ArrayList<>();
        Listed second = lister.list(STORAGE, Optional.empty(), progress::add, () -> false);
        assertTrue(second.finished());
        assertTrue(second.resumed());
        assertEquals(OBJECTS, coordinator.objects());
        assertEquals(coordinator.objects() * 3L, coordinator.bytes());
        assertEquals(1, source.refreshes(), "only a new listing looks anew");
        assertEquals(second, progress.getLast());
        assertTrue(coordinator.finished);
        assertTrue(coordinator.largest <= 1_024);
    }

    /// What was listed before it could not be looked at would be taken for what is there now.
    @Test
    void storageThatCouldNotBeLookedAtIsLookedAtAgain() {
        source.put("a", new byte[3]);
        source.failNextRefresh();
        assertThrows(SourceException.class, () -> lister.list(STORAGE, Optional.empty(), _ -> {}, () -> false));
        assertTrue(lister.list(STORAGE, Optional.empty(), _ -> {}, () -> false).resumed());
        assertEquals(1, source.refreshes(), "it was not looked at");
        assertEquals(1, coordinator.objects());
    }

    @Test
    void emptyStorageIsListedAtOnce() {
        assertTrue(lister.list(STORAGE, Optional.of(Duration.ofDays(1)), listed -> {}, () -> false)
                .finished());
        assertEquals(0, coordinator.objects());
    }

    private static final class ListingsFake extends ListingsGrpc.ListingsImplBase {
        private final List<ObjectRange> ranges = new ArrayList<>();
        private int largest;
        private boolean begun;
        private boolean finished;

        long objects() {
            return ranges.stream().mapToLong(ObjectRange::getObjects).sum();
        }

        long bytes() {
            return ranges.stream().mapToLong(ObjectRange::getBytes).sum();
        }

        @Override
        public void begin(BeginListingRequest request, StreamObserver<BeginListingResponse> answer) {
            BeginListingResponse.Builder response = BeginListingResponse.newBuilder()
                    .setListingId(1)
                    .setResumed(begun)
                    .setFinished(finished);
            if (!ranges.isEmpty()) {
                response.setAfterKey(ranges.getLast().getLastKey());
            }
            begun = true;
            answer.onNext(response.build());
            answer.onCompleted();
        }

        @Override
        public void push(PushRangesRequest request, StreamObserver<PushRangesResponse> answer) {
            ranges.addAll(request.getRangesList());
            largest = Math.max(largest, request.getRangesCount());
            answer.onNext(PushRangesResponse.getDefaultInstance());
            answer.onCompleted();
        }

        @Override
        public void finish(FinishListingRequest request, StreamObserver<FinishListingResponse> answer) {
            finished = true;
            answer.onNext(FinishListingResponse.getDefaultInstance());
            answer.onCompleted();
        }
    }
}
