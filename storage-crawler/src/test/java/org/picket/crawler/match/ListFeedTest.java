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
import java.util.concurrent.atomic.AtomicLong;
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
    private static final Digest FIRST = Digest.of(new byte[] {1});
    private static final Digest SECOND = Digest.of(new byte[] {2});

    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private volatile Digest inForce = FIRST;
    private final Server server =
            Servers.inProcess("lists", ChannelSettings.DEFAULT, List.of(new Lists().bindService()), List.of());
    private final ManagedChannel channel = Channels.inProcess("lists", ChannelSettings.DEFAULT, List.of());
    private final ListFeed feed = new ListFeed(
            ListSuppliesGrpc.newBlockingStub(channel),
            new StorageId(5),
            new Attempts(1, Duration.ZERO, Duration.ZERO),
            nanos::get);

    private final class Lists extends ListSuppliesGrpc.ListSuppliesImplBase {
        @Override
        public void fetch(FetchListsRequest request, StreamObserver<ListsChunk> answer) {
            fetches.incrementAndGet();
            answer.onNext(ListsChunk.newBuilder()
                    .setLists(ListsInForce.getDefaultInstance())
                    .build());
            answer.onNext(ListsChunk.newBuilder().setDigest(inForce.bytes()).build());
            answer.onCompleted();
        }
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void oldLeasesGetThePresentSetWithoutAsking() {
        feed.inForce(Optional.of(FIRST));
        inForce = SECOND;
        ListSet second = feed.inForce(Optional.of(SECOND));
        assertSame(second, feed.inForce(Optional.of(FIRST)));
        assertEquals(2, fetches.get());
    }

    @Test
    void setThatIsInForceAgainUnderItsNameIsFetched() {
        feed.inForce(Optional.of(FIRST));
        inForce = SECOND;
        ListSet second = feed.inForce(Optional.of(SECOND));
        inForce = FIRST;
        nanos.addAndGet(ListFeed.BELIEVED.toNanos());
        ListSet again = feed.inForce(Optional.of(FIRST));
        assertNotSame(second, again);
        assertSame(again, feed.inForce(Optional.of(FIRST)));
        assertSame(again, feed.inForce(Optional.of(SECOND)), "the other one is superseded now");
        assertEquals(3, fetches.get());
    }
}
