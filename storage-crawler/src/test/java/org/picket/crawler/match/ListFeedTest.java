package org.picket.crawler.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.FetchListsRequest;
import org.picket.proto.v1.ListSuppliesGrpc;
import org.picket.proto.v1.ListsChunk;
import org.picket.proto.v1.ListsInForce;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Servers;

@Timeout(30)
class ListFeedTest {
    private static final Digest ONE = Digest.of(new byte[] {1});
    private static final Digest OTHER = Digest.of(new byte[] {2});

    private final AtomicInteger fetches = new AtomicInteger();
    private volatile SetName inForce = new SetName(ONE, 1);
    private final Server server =
            Servers.inProcess("lists", ChannelSettings.DEFAULT, List.of(new Lists().bindService()), List.of());
    private final ManagedChannel channel = Channels.inProcess("lists", ChannelSettings.DEFAULT, List.of());
    private final HeldLists all = new HeldLists();
    private final ListFeed feed = feed(5);

    private ListFeed feed(long storage) {
        return new ListFeed(
                all,
                ListSuppliesGrpc.newBlockingStub(channel),
                new StorageId(storage),
                new Attempts(1, Duration.ZERO, Duration.ZERO));
    }

    private final class Lists extends ListSuppliesGrpc.ListSuppliesImplBase {
        @Override
        public void fetch(FetchListsRequest request, StreamObserver<ListsChunk> answer) {
            fetches.incrementAndGet();
            answer.onNext(ListsChunk.newBuilder()
                    .setLists(ListsInForce.newBuilder().setRevision(inForce.revision()))
                    .build());
            answer.onNext(
                    ListsChunk.newBuilder().setDigest(inForce.digest().bytes()).build());
            answer.onCompleted();
        }
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    private ListSet bySet(Digest digest, long revision) {
        return feed.inForce(Optional.of(new SetName(digest, revision)));
    }

    @Test
    void oldLeasesGetThePresentSetWithoutAsking() {
        bySet(ONE, 1);
        inForce = new SetName(OTHER, 2);
        ListSet second = bySet(OTHER, 2);
        assertSame(second, bySet(ONE, 1));
        assertEquals(2, fetches.get());
    }

    @Test
    void setThatIsInForceOnceMoreIsTakenAtOnce() {
        ListSet first = bySet(ONE, 1);
        inForce = new SetName(OTHER, 2);
        ListSet second = bySet(OTHER, 2);
        inForce = new SetName(ONE, 3);
        ListSet again = bySet(ONE, 3);
        assertNotSame(second, again);
        assertSame(first, again, "it was still held");
        assertSame(again, bySet(ONE, 1));
        assertSame(again, bySet(OTHER, 2), "the other one is superseded now");
        assertEquals(2, fetches.get());
    }

    @Test
    void setThatOtherChangesLeaveAsItIsStaysAndCountsAsNew() {
        ListSet first = bySet(ONE, 1);
        assertSame(first, bySet(ONE, 7));
        assertSame(first, bySet(OTHER, 5), "a lease from between the two");
        assertEquals(1, fetches.get());
        inForce = new SetName(OTHER, 7);
        assertNotSame(first, bySet(OTHER, 7), "changed by itself, which is counted later");
    }

    /// Of a site whose every storage has the same lists, and may have millions of entries in them.
    @Test
    void storagesOfOneProcessHoldASetOnce() {
        ListSet first = bySet(ONE, 1);
        ListFeed other = feed(6);
        assertSame(first, other.inForce(Optional.of(new SetName(ONE, 4))));
        assertEquals(1, fetches.get());
        inForce = new SetName(OTHER, 5);
        ListSet second = other.inForce(Optional.of(inForce));
        assertNotSame(first, second);
        assertSame(first, bySet(ONE, 4));
        assertSame(second, bySet(OTHER, 5));
        assertEquals(2, fetches.get());
    }
}
