package org.picket.coordinator.lease;

import io.grpc.BindableService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.picket.coordinator.database.DatabaseFault;
import org.picket.coordinator.feed.AgentPaces;
import org.picket.coordinator.feed.Claims;
import org.picket.coordinator.feed.Equipment;
import org.picket.coordinator.feed.Feeds;
import org.picket.coordinator.fleet.Drained;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.ListingObserver;
import org.picket.coordinator.listing.StorageDirectory;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.coordinator.shard.Fence;
import org.picket.coordinator.supply.ContentProbe;
import org.picket.coordinator.supply.ListedContents;
import org.picket.coordinator.supply.SuppliedReader;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.RelayRoute;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Dispenses leases from memory, keeps those that make progress, and ends those that do not.
///
/// Safe for any number of threads. A lease's own lock is taken before those of the table and the feeds; under the
/// latter two the database is asked for nothing but a storage's terms, every two seconds.
public final class Leases implements ListingObserver {
    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

    private final SystemRulings rulings;
    /// Steady: a database whose clock is set ahead ends no lease.
    private final TimeSource time;
    private final TimeSource dated;
    private final LeaseSettings settings;
    private final Feeds feeds;
    private final LeaseTable table;
    private final AgentPaces paces;
    private final Stragglers stragglers;
    private final LeaseEnds ends;
    private final Routes routes;
    private final OtherTerms otherTerms = new OtherTerms();
    private final LeaseOverview overview;
    private final Grants grants;
    private final Operators operators = new Operators();
    private final Suppliers suppliers;
    private volatile Settling settling = Settling.OVER;

    /// @param claims takes shards from the database and gives them back
    /// @param rulings writes what needs no agent's word
    /// @param storages their present terms
    /// @param dated the database's clock
    /// @param weight of a site against the others, positive
    /// @param drained members, which get nothing more
    public Leases(
            Claims claims,
            SystemRulings rulings,
            StorageDirectory storages,
            TimeSource dated,
            LeaseSettings settings,
            ToDoubleFunction<OwnerId> weight,
            Drained drained) {
        this.rulings = rulings;
        this.time = dated.steady();
        this.dated = dated;
        this.settings = settings;
        this.table = new LeaseTable(new Quotas(settings.leasesPerAgent()));
        this.paces = new AgentPaces(settings.ttl(), table::left);
        this.stragglers = new Stragglers(table, paces, settings.ttl());
        this.feeds = new Feeds(claims, storages, time, settings.ttl(), settings.claimBatch(), paces, weight);
        this.ends = new LeaseEnds(table, feeds, stragglers, operators, rulings, time);
        this.routes = new Routes(storages, time);
        this.suppliers = new Suppliers(routes);
        Halts halts = new Halts(drained, suppliers::of);
        this.overview = new LeaseOverview(table, feeds, otherTerms, operators, paces, halts, dated);
        this.grants = new Grants(new Grants.Means(table, feeds, operators, paces, halts), settings, time);
    }

    /// The service for agents.
    ///
    /// @param reports takes their verdicts
    /// @param tickets makes what opens the views
    /// @param relays the way to a storage's views over the relay, where there is one
    /// @param beside whether others lease meanwhile what no crawler has come for here
    public BindableService service(
            Reports reports, Tickets tickets, Function<StorageId, Optional<RelayRoute>> relays, boolean beside) {
        suppliers.relayed(relays);
        settling = beside ? Settling.begin(routes, relays, time) : settling;
        return new LeasesEndpoint(this, reports, tickets, routes, relays);
    }

    /// The service for crawlers about leases.
    ///
    /// @param contents known ones
    /// @param listed those that crawlers found on lists
    public BindableService supplies(Tickets tickets, ContentProbe contents, ListedContents listed) {
        return new SuppliesEndpoint(this, tickets, contents, new SuppliedReader(listed), rulings, routes, dated);
    }

    /// Their bounds.
    public LeaseSettings settings() {
        return settings;
    }

    /// Waits for work.
    ///
    /// @param has what the agent has to work with
    Acquired acquire(Asker asker, Equipment has, Duration wait) throws InterruptedException {
        return grants.acquire(asker, has, settling, wait);
    }

    /// An agent says what it holds: leases that it knows nothing of are open to others at once.
    void holds(Member agent, Holdings holdings) {
        ends.forgotten(agent.id(), holdings);
    }

    /// Whether that is the present lease of this agent.
    public Held find(Fence fence, Member agent) {
        return table.find(fence, agent);
    }

    /// The lease with that fence, whoever holds it.
    public Optional<Lease> find(Fence fence) {
        return table.find(fence);
    }

    /// An open listing, as it was when last it grew.
    Optional<Listing> listing(ListingId id) {
        return feeds.listing(id);
    }

    /// Keeps a lease that makes progress.
    public Held heartbeat(Fence fence, Member agent, int cursor) {
        Held held = table.find(fence, agent);
        if (held instanceof Held.Current(Lease lease)) {
            Instant now = time.now();
            lease.progress(cursor, now);
            if (!lease.stalled(settings, now)) {
                lease.renew(now.plus(settings.ttl()));
            } else if (lease.lock().tryLock()) {
                try {
                    if (lease.end().isEmpty()) {
                        ends.end(lease, LeaseEnd.STALLED);
                    }
                    // However it ended: asked for anew, the agent hears it.
                    return table.find(fence, agent);
                } finally {
                    lease.lock().unlock();
                }
            }
        }
        return held;
    }

    /// Takes a lease back from an agent that could not get its views.
    void outOfReach(Fence fence, Member agent) {
        if (table.find(fence, agent) instanceof Held.Current(Lease lease)) {
            feeds.outOfReach(lease.terms().storage(), agent.id());
        }
        giveBack(fence, agent, false);
    }

    /// A lease's views are on their way.
    void supplied(Lease lease) {
        feeds.supplied(lease.terms().storage(), lease.agent().id());
    }

    /// A storage's crawler has begun to attend, or has said where it is.
    public void heardOf(StorageId storage) {
        feeds.heardOf(storage);
    }

    /// Takes a lease back from its agent.
    ///
    /// @param fault whether something failed
    public void giveBack(Fence fence, Member agent, boolean fault) {
        if (table.find(fence, agent) instanceof Held.Current(Lease lease)) {
            lease.lock().lock();
            try {
                if (lease.end().isEmpty()) {
                    ends.end(lease, fault ? LeaseEnd.FAILED : LeaseEnd.GIVEN_BACK);
                }
            } finally {
                lease.lock().unlock();
            }
            feeds.flush();
        }
    }

    /// Ends leases whose time is over, a bounded number at a time, and those that hold up the end of a listing, and
    /// writes back what ended.
    ///
    /// @return of how many the time was over
    public int sweep() {
        List<Lease> expired = table.expired(time.now(), settings.sweepBatch());
        List<Lease> left = new ArrayList<>(expired);
        try {
            for (Lease lease : expired) {
                if (expire(lease)) {
                    left.remove(lease);
                }
            }
            each(stragglers.late(feeds.dry(), time.now())::contains, lease -> ends.end(lease, LeaseEnd.CALLED_OFF));
        } finally {
            table.again(left);
            feeds.flush();
        }
        return expired.size() - left.size();
    }

    /// Ends a lease whose time is over, unless it is just reporting or its end cannot be written now.
    ///
    /// @return whether nothing is left to do
    private boolean expire(Lease lease) {
        if (!lease.lock().tryLock()) {
            return false;
        }
        try {
            if (lease.end().isEmpty() && !lease.expiresAt().isAfter(time.now())) {
                ends.end(lease, LeaseEnd.EXPIRED);
            }
            return lease.end().isPresent();
        } catch (RuntimeException e) {
            LOG.warn(
                    "shard {}: its lease is over but cannot be ended now; the next sweep tries again: {}",
                    lease.shard().key().id(),
                    DatabaseFault.traced(e));
            return false;
        } finally {
            lease.lock().unlock();
        }
    }

    /// A lease is over; its end is written or on its way. The lease's lock is held.
    ///
    /// @param how it ended
    public void over(Lease lease, LeaseEnd how) {
        ends.over(lease, how);
    }

    /// Ends a lease whose fence the database did not take: where the shard is still this lease's there, as
    /// after a commit of which the answer was lost, it is opened again. The lease's lock is held.
    ///
    /// @param how it ended
    public void lose(Lease lease, LeaseEnd how) {
        ends.lose(lease, how);
    }

    /// A shard is open again in the database.
    public void opened(ClaimedShard shard, boolean unsupplied) {
        feeds.opened(shard, unsupplied);
    }

    /// How leasing stands.
    public LeaseOverview overview() {
        return overview;
    }

    /// Follow-ups were added to a listing.
    public void followed(ListingId listing) {
        feeds.followed(listing);
    }

    /// Revokes all leases of a member.
    public void revoke(Member member) {
        operators.gone(member.id());
        paces.gone(member.id());
        each(lease -> lease.agent().id().equals(member.id()), lease -> {
            ends.end(lease, LeaseEnd.REVOKED);
            // Its calls are refused from now on, whatever they are about.
            table.heard(lease);
        });
        feeds.flush();
    }

    /// Ends leases that live.
    private void each(Predicate<Lease> which, Consumer<Lease> end) {
        for (Lease lease : table.all()) {
            // One that is just reporting is left to its report, whose fence is checked, or to the sweeper.
            if (which.test(lease) && lease.lock().tryLock()) {
                try {
                    if (lease.end().isEmpty()) {
                        end.accept(lease);
                    }
                } finally {
                    lease.lock().unlock();
                }
            }
        }
    }

    /// The term is over in which all this was granted: nothing of it counts, and nothing is written.
    public void supersede() {
        each(_ -> true, lease -> ends.over(lease, LeaseEnd.SUPERSEDED));
        feeds.forget();
    }

    /// Coordinators of other terms, at these addresses, share the shards: none keeps many ready, and those for which
    /// nobody asks within the time of a lease are given back.
    public void shared(Map<Long, String> others) {
        otherTerms.replace(others);
        feeds.shared(others.size() + 1);
        if (!others.isEmpty()) {
            feeds.giveBackUnused(time.now().minus(settings.ttl()));
        }
    }

    /// Of which leases are kept elsewhere.
    public OtherTerms otherTerms() {
        return otherTerms;
    }

    /// Listings that leases are granted of.
    public Set<ListingId> listings() {
        return feeds.listings();
    }

    @Override
    public void grown(Listing listing) {
        feeds.grown(listing);
    }

    @Override
    public void ended(ListingId listing) {
        feeds.ended(listing);
        each(lease -> lease.shard().key().listing().equals(listing), lease -> ends.end(lease, LeaseEnd.REVOKED));
    }

    @Override
    public double objectsPerSecond() {
        return paces.objectsPerSecond();
    }

    /// An agent that asked for work was told this.
    void answered(Member agent, Acquired acquired) {
        overview.answered(agent.id(), acquired, time.now());
    }

    /// What an agent says of its own pace.
    void says(Member agent, double viewsPerSecond) {
        paces.of(agent).says(viewsPerSecond);
    }

    /// Grants nothing more; waiting agents are told.
    public void drain() {
        feeds.drain();
    }

    /// Ends all leases: what was reported stays, and the rest is open to others from the next sweep on.
    public void callOff() {
        each(_ -> true, lease -> ends.end(lease, LeaseEnd.CALLED_OFF));
    }

    /// Whether agents may still call about leases of theirs: those live, are just being granted, or have ended
    /// just now, and the agents have not heard so.
    public boolean countedOn() {
        return table.countedOn(time.now().minus(settings.heardWithin()));
    }

    /// Says what leases have to tell.
    public void meters(Meters meters) {
        table.meters(meters, time);
        meters.gauge("picket_agents_waiting", "Requests of agents that wait for work.", grants::waiting);
        ends.meters(meters);
    }

    /// Whose agents work.
    public Operators operators() {
        return operators;
    }

    /// Requests of agents that wait for work.
    public int waiting() {
        return grants.waiting();
    }

    /// Leases that live.
    public int size() {
        return table.size();
    }
}
