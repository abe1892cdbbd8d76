package org.picket.coordinator;

import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import org.picket.coordinator.content.KnownContents;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.DatabaseFault;
import org.picket.coordinator.feed.Claims;
import org.picket.coordinator.fleet.Fleet;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.MemberStanding;
import org.picket.coordinator.hashlist.Rejudging;
import org.picket.coordinator.lease.Leases;
import org.picket.coordinator.lease.Tickets;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.Listings;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.overview.Overview;
import org.picket.coordinator.overview.Paces;
import org.picket.coordinator.relay.LeaseAdmission;
import org.picket.coordinator.relay.Relay;
import org.picket.coordinator.share.Contributions;
import org.picket.coordinator.term.Term;
import org.picket.coordinator.verdict.RulingQueue;
import org.picket.proto.id.LeaseId;
import org.picket.proto.id.MemberId;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.telemetry.Label;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.telemetry.Sampled;
import org.picket.runtime.telemetry.Traceback;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The heart of a coordinator: members, listings, leases, verdicts. Other services are bound beside it.
///
/// A process makes one, binds [#services] and its own behind [#interceptors] on a server whose calls may block,
/// and closes the server first and this second. Between start and close a few
/// threads of its own look after it.
public final class Coordinator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);

    /// Salt of digests in the ledger, in bytes.
    static final int SALT_BYTES = 16;

    /// Sweeps between two looks at what was contributed.
    private static final int REFRESH_EVERY_SWEEPS = 30;

    /// The longest that [#close] takes.
    public static final Duration ENDS_WITHIN = Duration.ofSeconds(50);

    /// How long leases may be worked off by a coordinator that is to end.
    private static final Duration WORKED_OFF_WITHIN = Duration.ofSeconds(30);

    /// How long it stays for agents to hear that theirs were called off: a third of `lease.ttl`, or so long.
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(22);

    /// The longest that [#finish] takes.
    public static final Duration FINISHES_WITHIN = WORKED_OFF_WITHIN.plus(TOLD_WITHIN);

    private static final long LOOK_NANOS = 20_000_000;

    private static final Duration LEASES_END_WITHIN = Duration.ofSeconds(15);
    private static final Duration SWEEPER_ENDS_WITHIN = Duration.ofSeconds(2);
    private static final Duration RULINGS_END_WITHIN = Duration.ofSeconds(15);
    private static final Duration TERM_ENDS_WITHIN = Duration.ofSeconds(15);

    /// Listings are read from the database no more often than this, however often somebody asks.
    private static final Duration SAMPLED_EVERY = Duration.ofSeconds(1);

    private final Fleet fleet;
    private final Listings listings;
    private final KnownContents contents;
    private final Contributions contributions;
    private final Leases leases;
    private final Relay relay;
    private final Term term;
    private final Neighbours neighbours;
    private final Paces paces = new Paces();
    private final Overview overview;
    private final List<BindableService> services;
    private final RulingQueue rulings;
    private final TimeSource time;
    private final Lifecycle parts;
    private volatile Optional<Doors> doors = Optional.empty();
    private int sweeps;

    /// Begins a new term: what earlier terms of this coordinator leased is open again.
    public static Coordinator start(CoordinatorParts means, CoordinatorSettings settings) {
        return Lifecycle.assemble(
                "coordinator", means.sources().time(), parts -> new Coordinator(means, settings, parts));
    }

    private Coordinator(CoordinatorParts means, CoordinatorSettings settings, Lifecycle parts) {
        this.parts = parts;
        Database database = means.database();
        time = means.sources().time();
        SecureRandom random = means.sources().random();
        fleet = new Fleet(database, time, random, means.sinks().ledger());
        listings = new Listings(database, time);
        term = parts.start(
                "term",
                TERM_ENDS_WITHIN,
                () -> Term.begin(
                        database,
                        time,
                        new UUID(random.nextLong(), random.nextLong()),
                        settings.name(),
                        settings.lease().ttl()),
                begun -> quietly(begun::end));
        contents = new KnownContents(
                database,
                time,
                means.sinks().flagged(),
                fleet.secret("content tags", KnownContents.SECRET_BYTES),
                settings.knownContents());
        RulingQueue.Sinks sinks = new RulingQueue.Sinks(
                means.sinks().ledger(),
                means.sinks().findings(),
                contents,
                fleet.secret("ruling commitments", SALT_BYTES),
                means.authority().isEmpty());
        rulings = parts.start(
                "rulings",
                RULINGS_END_WITHIN,
                () -> RulingQueue.start(database, time, sinks, listings, means.storages()),
                RulingQueue::close);
        Claims claims =
                new Claims(database, term::living, () -> new LeaseId(new UUID(random.nextLong(), random.nextLong())));
        contributions = new Contributions(database);
        contributions.refresh(time.now());
        leases = new Leases(
                claims, rulings, means.storages(), time, settings.lease(), contributions::weight, fleet.drained());
        listings.observe(leases);
        neighbours =
                new Neighbours(fleet, listings, leases, term, open -> paces.look(open, time.now()), contents::others);
        overview = new Overview(database, time, fleet, leases.overview(), paces);
        Tickets tickets = new Tickets(means.key());
        relay = new Relay(new LeaseAdmission(tickets, leases), settings.relay(), time);
        services = List.of(
                fleet.enrolment(means.key(), means.authority()),
                listings.service(means.storages()),
                leases.service(
                        rulings.reports(database, time, means.sinks().ledger(), fleet.keyring(), leases),
                        tickets,
                        relay::route,
                        means.authority().isPresent() && !term.addresses().isEmpty()),
                relay.service(
                        (storage, identity) ->
                                means.storages().find(storage, identity).map(StorageTerms::owner),
                        Member::caller),
                leases.supplies(tickets, contents, means.sinks().listed()));
        List<Listing> open = listings.open();
        term.sweep(open);
        neighbours.begin();
        open.forEach(leases::grown);
        ScheduledExecutorService sweeper = parts.start(
                "sweeper",
                SWEEPER_ENDS_WITHIN,
                () -> Executors.newScheduledThreadPool(
                        Duty.values().length,
                        Thread.ofPlatform().name("coordinator-", 1).daemon().factory()),
                ScheduledExecutorService::shutdownNow);
        for (Duty duty : Duty.values()) {
            long every = Math.max(1, settings.sweepEvery().toMillis() / duty.times);
            sweeper.scheduleWithFixedDelay(() -> quietly(duty), every, every, TimeUnit.MILLISECONDS);
        }
        parts.start("leases", LEASES_END_WITHIN, () -> leases, granted -> {
            granted.drain();
            quietly(granted::sweep);
        });
    }

    /// Enrolment, listings, leases, supplies and the relay.
    public List<BindableService> services() {
        return services;
    }

    /// To be put before every service, in this order: the first one is called first.
    public List<ServerInterceptor> interceptors() {
        return List.of(new FaultInterceptor(), fleet.interceptor());
    }

    /// Members and invites.
    public Fleet fleet() {
        return fleet;
    }

    /// Finds contents again that lists may flag after all.
    public Rejudging contents() {
        return contents;
    }

    /// Listings and their counts.
    public Listings listings() {
        return listings;
    }

    /// Leases that live.
    public Leases leases() {
        return leases;
    }

    /// How work stands, for people.
    public Overview overview() {
        return overview;
    }

    /// Says what leases, shards and rulings have to tell.
    public void meters(Meters meters) {
        leases.meters(meters);
        relay.meters(meters);
        rulings.meters(meters);
        overview.meters(meters);
        Sampled<List<Listing>> open = new Sampled<>(SAMPLED_EVERY, time, listings::open);
        meters.gauge(
                "picket_listings_open",
                "Listings that are not ruled to their end.",
                () -> open.get().size());
        shards(
                meters,
                "ruled",
                () -> open.get().stream()
                        .mapToInt(listing ->
                                listing.intake().shards() - listing.intake().shardsOpen())
                        .sum());
        shards(meters, "leased", leases::size);
        shards(
                meters,
                "open",
                () -> Math.max(
                        0,
                        open.get().stream()
                                        .mapToInt(listing -> listing.intake().shardsOpen())
                                        .sum()
                                - leases.size()));
    }

    private static void shards(Meters meters, String state, DoubleSupplier count) {
        meters.gauge("picket_shards", "Shards of open listings, by state.", count, Label.of("state", state));
    }

    /// Silences a member and takes its leases back.
    public void suspend(MemberId member) {
        fleet.stand(member, MemberStanding.SUSPENDED).ifPresent(leases::revoke);
    }

    /// Ends leases whose time is over, as the sweeper does by itself.
    ///
    /// @return how many
    public int sweep() {
        return leases.sweep();
    }

    /// Takes over what other coordinators on the same database did, and shows that this one lives, as
    /// happens by itself.
    public synchronized void follow() {
        neighbours.follow();
        neighbours.beat();
        neighbours.settle();
    }

    /// Done once another process of this coordinator's name has begun on the same database: this one grants no more,
    /// and should end.
    public CompletionStage<Void> replaced() {
        return neighbours.replaced();
    }

    /// From now on these are open, but while the database is out of reach and others may go on.
    public void watches(Doors those) {
        doors = Optional.of(those);
    }

    /// Looks whether members are to be let in, as happens by itself.
    void watch() {
        doors.ifPresent(neighbours.cutOff() ? Doors::close : Doors::open);
    }

    /// Where the coordinators on this database are reached.
    ///
    /// @return of those that live, as [#reachedAt] told it
    public List<String> addresses() {
        return term.addresses();
    }

    /// Says where members reach this coordinator.
    public void reachedAt(String address) {
        term.reachedAt(address);
    }

    /// Grants nothing more, and where other coordinators go on, waits a while until the leases that live have
    /// been worked off: what their agents have scanned is ruled, and nobody's call fails. Those that take longer
    /// are called off. It also waits until agents have heard of leases that ended without them. To be called while
    /// members can still reach it.
    public void finish() {
        Duration heard = leases.settings().heardWithin();
        finish(WORKED_OFF_WITHIN, heard.compareTo(TOLD_WITHIN) < 0 ? heard : TOLD_WITHIN);
    }

    void finish(Duration workedOff, Duration told) {
        long begun = System.nanoTime();
        leases.drain();
        if (leases.countedOn()) {
            neighbours.look();
        }
        await(begun + workedOff.toNanos(), () -> {});
        int left = leases.size();
        if (neighbours.others() && left > 0) {
            LOG.info("{} leases were not worked off in {}: they are called off", left, workedOff);
        }
        // Again and again: one that is just being reported on is called off after that.
        await(System.nanoTime() + told.toNanos(), leases::callOff);
    }

    /// Ends what crawlers keep open here. Streams of views go on.
    void sendOn() {
        relay.sendOn();
    }

    /// Waits until no agent counts on this coordinator; only where others go on: else there is nothing to wait for.
    private void await(long deadline, Runnable meanwhile) {
        while (neighbours.others()
                && leases.countedOn()
                && System.nanoTime() < deadline
                && !Thread.currentThread().isInterrupted()) {
            meanwhile.run();
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /// What is done again and again, each by a thread that waits for none of the others.
    private enum Duty {
        /// More often than the others: an agent that is gone holds up nobody for longer than a lease lives and a part
        /// of a second.
        EXPIRE(5),
        SWEEP(1),
        FOLLOW(1),
        LIVE(1),
        WATCH(1);

        private final int times;

        Duty(int times) {
            this.times = times;
        }
    }

    private void quietly(Duty duty) {
        try {
            switch (duty) {
                case EXPIRE -> leases.sweep();
                case SWEEP -> sweepAll();
                case FOLLOW -> neighbours.follow();
                case LIVE -> neighbours.beat();
                case WATCH -> watch();
            }
        } catch (RuntimeException | Error e) {
            // Whatever escapes would end all of it.
            LOG.warn("{} failed and will be tried again: {}", duty, Traceback.of(e));
        }
    }

    private void sweepAll() {
        relay.sweep();
        neighbours.settle();
        sweeps++;
        if (sweeps % REFRESH_EVERY_SWEEPS == 0) {
            contributions.refresh(time.now());
        }
    }

    /// Grants nothing more, writes what waits, and ends the term.
    @Override
    public void close() {
        parts.close();
    }

    private static void quietly(Runnable end) {
        try {
            end.run();
        } catch (RuntimeException e) {
            LOG.warn("the term could not be ended; the next start does: {}", DatabaseFault.of(e));
        }
    }
}
