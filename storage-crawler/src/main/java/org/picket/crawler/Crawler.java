package org.picket.crawler;

import io.grpc.Channel;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.picket.crawler.listing.Listed;
import org.picket.crawler.listing.Lister;
import org.picket.crawler.match.ListFeed;
import org.picket.crawler.order.OrderLoop;
import org.picket.crawler.order.OrderStatus;
import org.picket.crawler.order.SitePolicy;
import org.picket.crawler.removal.Removals;
import org.picket.crawler.source.Source;
import org.picket.crawler.supply.Attendance;
import org.picket.crawler.supply.Commons;
import org.picket.crawler.supply.Door;
import org.picket.crawler.supply.SharedViews;
import org.picket.crawler.supply.Supply;
import org.picket.crawler.supply.SupplySettings;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.AttendRequest;
import org.picket.proto.v1.ListSuppliesGrpc;
import org.picket.proto.v1.ListingsGrpc;
import org.picket.proto.v1.RemovalsGrpc;
import org.picket.proto.v1.SuppliesGrpc;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.relay.Introduction;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;

/// One storage's crawler: lists it, supplies its views, carries out orders on it. The parts that are handed in
/// stay the caller's to close, after this.
public final class Crawler implements AutoCloseable {

    /// The storage, and what may be done to it.
    ///
    /// @param source reads it
    /// @param removals changes it
    /// @param policy what this site allows
    /// @param door whom it lets see the pictures
    /// @param paused whether it supplies no further views just now
    public record Store(
            StorageId id, Source source, Removals removals, SitePolicy policy, Door door, BooleanSupplier paused) {
        /// Of a site that leaves it to the coordinator who has a lease.
        public Store(StorageId id, Source source, Removals removals, SitePolicy policy) {
            this(id, source, removals, policy, Door.OPEN, () -> false);
        }
    }

    /// Who this crawler is.
    ///
    /// @param coordinator a channel with this crawler's session, to any of the collective's coordinators
    /// @param each one to each of them: a lease is kept by the one that granted it
    /// @param key seals its receipts
    /// @param coordinatorKey verifies orders
    public record Membership(Channel coordinator, List<Channel> each, SigningKey key, VerifyingKey coordinatorKey) {
        public Membership {
            each = List.copyOf(each);
        }

        /// Of a collective that has one coordinator.
        public Membership(Channel coordinator, SigningKey key, VerifyingKey coordinatorKey) {
            this(coordinator, List.of(coordinator), key, coordinatorKey);
        }
    }

    /// The longest that [#close] takes.
    public static final Duration ENDS_WITHIN = OrderLoop.ENDS_WITHIN.plusSeconds(10);

    private static final Duration SUPPLY_ENDS_WITHIN = Duration.ofSeconds(5);

    private final Store store;
    private final Lister lister;
    private final Supply supply;
    private final OrderLoop orders;
    private final LongAdder listed = new LongAdder();
    private final Lifecycle parts;

    private Crawler(Store store, Lister lister, Supply supply, OrderLoop orders, Lifecycle parts) {
        this.store = store;
        this.lister = lister;
        this.supply = supply;
        this.orders = orders;
        this.parts = parts;
    }

    /// Begins to take orders; views are supplied as soon as [#views] is served.
    ///
    /// @param commons shared with the process's other crawlers
    public static Crawler start(
            Store store, Membership membership, Commons commons, SupplySettings settings, TimeSource time) {
        return Lifecycle.assemble(
                "crawler", time, parts -> assemble(store, membership, commons, settings, time, parts));
    }

    private static Crawler assemble(
            Store store,
            Membership membership,
            Commons commons,
            SupplySettings settings,
            TimeSource time,
            Lifecycle parts) {
        Channel coordinator = membership.coordinator();
        Lister lister = new Lister(store.source(), ListingsGrpc.newBlockingStub(coordinator), time, Attempts.PATIENT);
        ListFeed lists = new ListFeed(
                commons.lists(), ListSuppliesGrpc.newBlockingStub(coordinator), store.id(), Attempts.PATIENT);
        Supply supply = parts.start(
                "supply",
                SUPPLY_ENDS_WITHIN,
                () -> new Supply(
                        store.source(),
                        commons,
                        membership.each().stream()
                                .map(SuppliesGrpc::newBlockingStub)
                                .toList(),
                        membership.each().size() > 1 ? Attempts.BRIEF : Attempts.PATIENT,
                        settings,
                        new Supply.Guard(store.id(), lists::inForce, store.door(), store.paused()),
                        time),
                Supply::close);
        OrderLoop orders = parts.start(
                "orders",
                OrderLoop.ENDS_WITHIN,
                () -> OrderLoop.start(
                        new OrderLoop.Served(store.id(), store.source().storageId(), store.removals()),
                        store.policy(),
                        new OrderLoop.Parties(membership.coordinatorKey(), membership.key()),
                        RemovalsGrpc.newBlockingStub(coordinator),
                        Attempts.PATIENT,
                        time),
                OrderLoop::close);
        return new Crawler(store, lister, supply, orders, parts);
    }

    /// Lists the storage, or goes on with the listing that was cut short. Blocks.
    ///
    /// @param since only objects modified within this span before the listing began; empty: all
    /// @param progress told after each push
    /// @param stopped asked before each page
    public Listed list(Optional<Duration> since, Consumer<Listed> progress, BooleanSupplier stopped) {
        AtomicLong before = new AtomicLong();
        Consumer<Listed> counted = now -> {
            listed.add(now.objects() - before.getAndSet(now.objects()));
            progress.accept(now);
        };
        return lister.list(store.id(), since, counted, stopped);
    }

    /// The service `picket.v1.Views`, for a server.
    public ServerServiceDefinition views() {
        return supply.service();
    }

    /// Has its views served together with those of others, until [#withdraw].
    public void serve(SharedViews views) {
        views.add(store.id(), supply);
    }

    /// The end of [#serve].
    public void withdraw(SharedViews views) {
        views.remove(store.id(), supply);
    }

    /// Begins to supply the views over the relay too, until it is closed: to be closed before this.
    ///
    /// @param relays a channel to each coordinator, in the order of the membership's, with this crawler's
    /// certificate and for nothing else: what is under way on it would keep other calls waiting
    /// @param coordinatorKey whose tickets count
    public List<Attendance> attend(
            List<? extends Channel> relays, Introduction introduction, VerifyingKey coordinatorKey) {
        AttendRequest attended = AttendRequest.newBuilder()
                .setStorageId(store.id().value())
                .setIdentity(store.source().storageId())
                .build();
        return IntStream.range(0, relays.size())
                .mapToObj(i -> Attendance.start(relays.get(i), attended, introduction, coordinatorKey, supply.at(i)))
                .toList();
    }

    /// Whether the coordinator, when it was asked for orders last, knew no such storage: it was set back to a time
    /// before, and the storage is to be registered anew.
    public boolean forgotten() {
        return orders.forgotten();
    }

    /// How the carrying out of orders stands.
    public OrderStatus orders() {
        return orders.status();
    }

    /// Says what this crawler has to tell.
    public void meters(Meters meters) {
        meters.counter("picket_crawler_listed_objects_total", "Objects that were listed.", listed::sum);
        meters.counter(
                "picket_crawler_orders_answered_total",
                "Orders that were answered.",
                () -> orders.status().answered());
        meters.counter(
                "picket_crawler_orders_refused_total",
                "Orders that were refused: not what was ruled on, or not allowed here.",
                () -> orders.status().refused());
        meters.gauge(
                "picket_crawler_open_orders",
                "Orders that could not be carried out yet.",
                () -> orders.status().open());
        supply.meters(meters);
    }

    /// Finishes the orders under way and ends every stream.
    @Override
    public void close() {
        parts.close();
    }
}
