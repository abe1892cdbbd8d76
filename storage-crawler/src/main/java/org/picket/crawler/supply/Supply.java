package org.picket.crawler.supply;

import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.picket.crawler.match.ListSet;
import org.picket.crawler.match.SetName;
import org.picket.crawler.source.Source;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.proto.v1.SuppliesGrpc.SuppliesBlockingStub;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.FrameOutlet;
import org.picket.runtime.channel.FrameSink;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.channel.ViewsWire;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;

/// Serves the views of one storage to agents that hold a ticket. Safe for any number of threads.
public final class Supply implements AutoCloseable {
    private static final int WAITING = 256;
    private static final long TURN_MILLIS = 200;

    private final Source source;
    private final SupplySettings settings;
    private final SupplyClients clients;
    private final Workshop workshop;
    private final Guard guard;
    private final TimeSource time;
    private final Semaphore room;
    private final Refusals refusals = new Refusals();

    /// @param commons shared with the process's other supplies; stay the caller's
    /// @param supplies of each coordinator, with this crawler's session
    /// @param guard decides here what is supplied to whom
    public Supply(
            Source source,
            Commons commons,
            List<SuppliesBlockingStub> supplies,
            Attempts attempts,
            SupplySettings settings,
            Guard guard,
            TimeSource time) {
        this(source, commons, supplies, attempts, settings, guard, time, Brake.Clock.system());
    }

    /// @param clock by which the site's limits are kept
    Supply(
            Source source,
            Commons commons,
            List<SuppliesBlockingStub> supplies,
            Attempts attempts,
            SupplySettings settings,
            Guard guard,
            TimeSource time,
            Brake.Clock clock) {
        this.guard = guard;
        this.source = source;
        this.settings = settings;
        this.clients = new SupplyClients(
                supplies.stream()
                        .map(one -> new SupplyClient(one, attempts, settings))
                        .toList(),
                attempts);
        this.workshop = new Workshop(source, settings, commons, clock);
        this.time = time;
        this.room = new Semaphore(settings.leases(), true);
    }

    /// The hash lists of a storage.
    @FunctionalInterface
    public interface Lists {
        /// Those of that name, or newer ones.
        ///
        /// @param digest empty: there are none
        ListSet inForce(Optional<SetName> name);
    }

    /// What this site decides by itself.
    ///
    /// @param storage whose views alone are supplied, whichever way a ticket came
    /// @param lists matched before anything is supplied
    /// @param door lets agents in
    /// @param paused whether it supplies nothing further just now
    public record Guard(StorageId storage, Lists lists, Door door, BooleanSupplier paused) {}

    /// The service `picket.v1.Views`.
    public ServerServiceDefinition service() {
        return ViewsWire.serve(this::open);
    }

    private void open(OpenViewsRequest request, StreamObserver<ViewFrame> observer) {
        supply(request, FrameOutlet.to((ServerCallStreamObserver<ViewFrame>) observer));
    }

    /// Supplies the views of a lease. Never blocks: a thread of the stream's own does the work.
    ///
    /// @param outlet of an agent that is known to be the ticket's; ended by this
    public void supply(OpenViewsRequest request, FrameOutlet outlet) {
        supply(request, outlet, Optional.empty());
    }

    /// Supplies the views of leases that one of the coordinators keeps.
    ///
    /// @param coordinator by its place among those that were given
    public Attendance.ViewSupply at(int coordinator) {
        Optional<SupplyClient> keeper = Optional.of(clients.at(coordinator));
        return new Attendance.ViewSupply() {
            @Override
            public Optional<Status> refusal(OpenViewsRequest request) {
                return Supply.this.refusal(request);
            }

            @Override
            public void refused(String why) {
                refusals.add(why, time.now());
            }

            @Override
            public void supply(OpenViewsRequest request, FrameOutlet outlet) {
                Supply.this.supply(request, outlet, keeper);
            }
        };
    }

    private Optional<Status> refusal(OpenViewsRequest request) {
        if (guard.paused().getAsBoolean()) {
            // To come back to, and nothing against this way: by another there is as little.
            return Optional.of(Status.RESOURCE_EXHAUSTED.withDescription("the site has paused its crawler"));
        }
        Optional<Status> refusal = elsewhere(request).or(() -> guard.door().refusal(request));
        refusal.ifPresent(status -> refusals.add(String.valueOf(status.getDescription()), time.now()));
        return refusal;
    }

    /// What a ticket says of its storage is true where the coordinator honours it.
    private Optional<Status> elsewhere(OpenViewsRequest request) {
        return SharedViews.storage(request).equals(Optional.of(guard.storage()))
                ? Optional.empty()
                : Optional.of(Status.PERMISSION_DENIED.withDescription("the ticket is for another storage"));
    }

    private void supply(OpenViewsRequest request, FrameOutlet outlet, Optional<SupplyClient> keeper) {
        FrameSink sink = new FrameSink(outlet, settings.stall());
        Optional<Status> refusal = refusal(request);
        if (refusal.isPresent()) {
            sink.fail(refusal.get());
            return;
        }
        if (room.getQueueLength() >= WAITING) {
            sink.fail(Status.RESOURCE_EXHAUSTED.withDescription(
                    "the crawler serves " + settings.leases() + " leases, and " + WAITING + " wait; come back"));
            return;
        }
        Thread.ofVirtual().name("supply-send").start(() -> await(request, sink, keeper));
    }

    /// Streams beyond the bound wait for their turn: their leases are kept by their agents' heartbeats, though not
    /// for ever. Whose turn does not come before that is told to go, which counts against nobody.
    private void await(OpenViewsRequest request, FrameSink sink, Optional<SupplyClient> keeper) {
        long begun = System.nanoTime();
        try {
            while (!room.tryAcquire(TURN_MILLIS, TimeUnit.MILLISECONDS)) {
                if (sink.over()) {
                    return;
                }
                if (System.nanoTime() - begun > settings.stall().toNanos()) {
                    sink.fail(Status.RESOURCE_EXHAUSTED.withDescription("the crawler serves " + settings.leases()
                            + " leases at once, and this one's turn did not come within "
                            + settings.stall().toSeconds() + " s; come back"));
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            sink.fail(Status.UNAVAILABLE.withDescription("the crawler is stopping"));
            return;
        }
        try {
            run(request, sink, keeper);
        } finally {
            room.release();
        }
    }

    private void run(OpenViewsRequest request, FrameSink sink, Optional<SupplyClient> keeper) {
        try {
            SupplyClients.Honoured honoured = clients.resolve(request, keeper);
            Terms terms = honoured.terms();
            ListSet inForce = guard.lists().inForce(terms.lists());
            new LeaseSupply(source, workshop, honoured.keeper(), settings, new LeaseSupply.Task(terms, inForce), sink)
                    .run(time.now());
        } catch (StatusRuntimeException e) {
            sink.fail(e.getStatus());
        }
    }

    /// Says what the supply has to tell.
    public void meters(Meters meters) {
        meters.gauge(
                "picket_crawler_leases", "Leases that are served.", () -> settings.leases() - room.availablePermits());
        meters.gauge("picket_crawler_waiting_leases", "Leases that wait to be served.", room::getQueueLength);
        meters.counter(
                "picket_crawler_refused_tickets_total", "Tickets for which no view was supplied.", refusals::count);
        workshop.counts().meters(meters);
    }

    @Override
    public void close() {
        workshop.close();
    }
}
