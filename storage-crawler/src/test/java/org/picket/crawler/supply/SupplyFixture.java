package org.picket.crawler.supply;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.picket.crawler.match.Fingerprint;
import org.picket.crawler.match.ListSet;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.SuppliesGrpc;
import org.picket.proto.v1.TicketStatement;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Pixels;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.channel.ViewsWire;

/// A crawler that supplies what is in memory to agents of this process, and a coordinator that takes notes.
abstract class SupplyFixture {
    static final int VIEW_BYTES = 12;
    static final int BURST = 16;
    static final SupplySettings SETTINGS = new SupplySettings(
            3,
            3,
            2,
            16,
            4_096,
            1_000,
            8,
            Duration.ofMillis(2),
            Duration.ofMinutes(1),
            Duration.ofSeconds(20),
            Duration.ofMinutes(1),
            SiteLimits.NONE);
    static final StorageId STORAGE = new StorageId(7);
    static final Attempts QUICK = new Attempts(4, Duration.ofMillis(1), Duration.ofMillis(2));

    final MemorySource source = new MemorySource();
    final SuppliesFake coordinator = new SuppliesFake();
    volatile ListSet lists = ListSet.NONE;
    Door door = Door.OPEN;
    final AtomicBoolean paused = new AtomicBoolean();
    volatile List<Fingerprint> prints = List.of();
    final AtomicInteger decoded = new AtomicInteger();
    final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    void fill(int count) {
        for (int i = 0; i < count; i++) {
            source.put(key(i), content(i));
        }
    }

    static OpenViewsRequest ticket(StorageId storage) {
        return OpenViewsRequest.newBuilder()
                .setTicket(Sealed.newBuilder()
                        .setStatement(TicketStatement.newBuilder()
                                .setStorageId(storage.value())
                                .build()
                                .toByteString()))
                .build();
    }

    static String key(int i) {
        return "%05d".formatted(i);
    }

    static byte[] content(int i) {
        byte[] content = new byte[100];
        new Random(i).nextBytes(content);
        return content;
    }

    Viewed decode(byte[] bytes, int viewSize, long maxPixels, boolean fingerprinted) {
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

    Agent agent(SupplySettings settings, int window) {
        return agent(settings, window, Brake.Clock.system());
    }

    Agent agent(SupplySettings settings, int window, Brake.Clock pace) {
        Supply supply = supply(STORAGE, source, settings, pace);
        return new Agent(channel(supply.service()), window);
    }

    /// A channel to a server of that service.
    ManagedChannel channel(ServerServiceDefinition service) {
        String name = "supply-" + System.identityHashCode(service);
        Server server = Servers.inProcess(name, ChannelSettings.DEFAULT, List.of(service), List.of());
        ManagedChannel channel = Channels.inProcess(name, ChannelSettings.DEFAULT, List.of());
        open.add(server::shutdownNow);
        open.add(channel::shutdownNow);
        return channel;
    }

    Supply supply(StorageId storage, MemorySource from, SupplySettings settings, Brake.Clock pace) {
        ManagedChannel channel = channel(coordinator.bindService());
        Supply supply = new Supply(
                from,
                Commons.of(this::decode, settings.limits()),
                List.of(SuppliesGrpc.newBlockingStub(channel)),
                QUICK,
                settings,
                new Supply.Guard(storage, digest -> lists, door, paused::get),
                () -> Instant.EPOCH,
                pace);
        open.add(supply);
        return supply;
    }

    /// The agent's end of a stream.
    final class Agent extends ClientCall.Listener<ViewFrame> {
        final ManagedChannel channel;
        final ClientCall<OpenViewsRequest, ViewFrame> call;
        final BlockingQueue<ViewFrame> frames = new ArrayBlockingQueue<>(10_000);
        final CompletableFuture<Status> closed = new CompletableFuture<>();
        volatile boolean sawSegmentBeforeReport;

        Agent(ManagedChannel channel, int window) {
            this(channel, window, ticket(STORAGE));
        }

        Agent(ManagedChannel channel, int window, OpenViewsRequest request) {
            this.channel = channel;
            this.call = channel.newCall(ViewsWire.open(), CallOptions.DEFAULT);
            call.start(this, new Metadata());
            if (window > 0) {
                call.request(window);
            }
            call.sendMessage(request);
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
