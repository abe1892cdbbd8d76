package org.picket.coordinator.lease;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.ListingObserver;
import org.picket.coordinator.listing.StorageDirectory;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.coordinator.shard.Fence;
import org.picket.proto.id.ListingId;
import org.picket.proto.v1.NoLease;
import org.picket.runtime.time.TimeSource;

/// Dispenses leases from memory.
///
/// Shards of the open listings are claimed from the database a batch at a time; a grant takes the next one. Safe for
/// any
/// number of threads. Locks are taken in this order: a lease's own, this class's, the table's; no database call is made
/// under the latter two.
public final class Leases implements ListingObserver {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private final Claims claims;
    private final StorageDirectory storages;
    private final TimeSource time;
    private final LeaseSettings settings;
    private final LeaseTable table = new LeaseTable();
    private final Semaphore waiters;
    private final Set<OwnerId> agentOwners = ConcurrentHashMap.newKeySet();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Map<ListingId, Feed> feeds = new LinkedHashMap<>();
    private boolean draining;
    private volatile double objectsPerSecond;

    /// @param claims takes shards from the database and gives them back
    /// @param storages their present terms
    public Leases(Claims claims, StorageDirectory storages, TimeSource time, LeaseSettings settings) {
        this.claims = claims;
        this.storages = storages;
        this.time = time;
        this.settings = settings;
        this.waiters = new Semaphore(settings.waiters());
    }

    /// The service for agents.
    ///
    /// @param reports takes their verdicts
    /// @param tickets makes what opens the views
    public BindableService service(Reports reports, Tickets tickets) {
        return new LeasesEndpoint(this, reports, tickets);
    }

    /// The service for crawlers about leases.
    ///
    /// @param contents known ones
    /// @param rulings writes what needs no agent's word
    public BindableService supplies(Tickets tickets, ContentProbe contents, SystemRulings rulings) {
        return new SuppliesEndpoint(this, tickets, contents, rulings, time);
    }

    /// An open listing, as it was when last it grew.
    Optional<Listing> listing(ListingId id) {
        lock.lock();
        try {
            return Optional.ofNullable(feeds.get(id)).map(Feed::listing);
        } finally {
            lock.unlock();
        }
    }

    /// How long a lease lives without a heartbeat.
    public Duration ttl() {
        return settings.ttl();
    }

    /// Waits for work.
    ///
    /// @param bundles that the agent can run
    public Acquired acquire(Member agent, Set<ByteString> bundles, Duration wait) throws InterruptedException {
        if (table.heldBy(agent.id()) >= settings.leasesPerAgent()) {
            return none(
                    NoLease.Reason.TOO_MANY_LEASES,
                    "this agent holds " + settings.leasesPerAgent() + " leases, which is the most");
        }
        agentOwners.add(agent.owner());
        if (!waiters.tryAcquire()) {
            return none(NoLease.Reason.ALL_LEASED, "too many agents wait for work already");
        }
        try {
            return await(agent, bundles, wait);
        } finally {
            waiters.release();
        }
    }

    private Acquired await(Member agent, Set<ByteString> bundles, Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        while (true) {
            Optional<Feed> claimable;
            lock.lockInterruptibly();
            try {
                if (draining) {
                    return none(NoLease.Reason.DRAINING, "this coordinator is shutting down");
                }
                Optional<Lease> lease = take(agent, bundles);
                if (lease.isPresent()) {
                    return new Acquired.Granted(lease.get());
                }
                claimable = claimable(bundles);
                if (claimable.isEmpty()) {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        return nothing(bundles);
                    }
                    long nanos = Math.min(left, LOOK_AGAIN.toNanos());
                    work.awaitNanos(nanos);
                    continue;
                }
            } finally {
                lock.unlock();
            }
            claim(claimable.get());
        }
    }

    private Optional<Lease> take(Member agent, Set<ByteString> bundles) {
        Instant now = time.now();
        for (Feed feed : feeds.values()) {
            if (!bundles.contains(feed.terms().bundle().bytes()) || !current(feed)) {
                continue;
            }
            Optional<ClaimedShard> shard = feed.take();
            if (shard.isPresent()) {
                Lease lease = new Lease(shard.get(), feed.terms(), agent, now, now.plus(settings.ttl()));
                table.add(lease);
                rotate(feed);
                return Optional.of(lease);
            }
        }
        return Optional.empty();
    }

    /// The next grant looks at another listing first.
    private void rotate(Feed feed) {
        if (feeds.size() > 1) {
            feeds.remove(feed.listing().id());
            feeds.put(feed.listing().id(), feed);
        }
    }

    private boolean current(Feed feed) {
        return storages.find(feed.terms().storage())
                .filter(terms -> terms.epoch().equals(feed.terms().epoch()))
                .isPresent();
    }

    private Optional<Feed> claimable(Set<ByteString> bundles) {
        Instant now = time.now();
        return feeds.values().stream()
                .filter(feed -> bundles.contains(feed.terms().bundle().bytes()))
                .filter(feed -> feed.claimable(now) && current(feed))
                .findFirst()
                .map(feed -> {
                    feed.mark();
                    return feed;
                });
    }

    private Acquired nothing(Set<ByteString> bundles) {
        if (feeds.isEmpty()) {
            return none(NoLease.Reason.NOTHING_LISTED, "no storage is being scanned");
        }
        boolean any = feeds.values().stream()
                .anyMatch(feed -> bundles.contains(feed.terms().bundle().bytes()));
        return any
                ? none(NoLease.Reason.ALL_LEASED, "every shard listed so far is leased")
                : none(NoLease.Reason.BUNDLE_MISSING, "storages are scanned with bundles that this agent lacks");
    }

    private void claim(Feed feed) {
        List<Integer> returned;
        int watermark;
        boolean exhausted;
        lock.lock();
        try {
            returned = feed.beginClaim(settings.claimBatch(), time.now());
            watermark = feed.watermark();
            exhausted = feed.exhausted();
        } finally {
            lock.unlock();
        }
        ListingId listing = feed.listing().id();
        try {
            List<ClaimedShard> claimed = new ArrayList<>();
            if (!returned.isEmpty()) {
                claimed.addAll(claims.claim(listing, returned));
            }
            int room = settings.claimBatch() - claimed.size();
            boolean reachedEnd = false;
            if (!exhausted && room > 0) {
                List<ClaimedShard> next = claims.claimNext(listing, watermark, room);
                reachedEnd = next.size() < room;
                claimed.addAll(next);
            }
            endClaim(feed, claimed, reachedEnd);
        } catch (RuntimeException e) {
            lock.lock();
            try {
                feed.failClaim(returned, time.now());
            } finally {
                lock.unlock();
            }
            throw e;
        }
    }

    private void endClaim(Feed feed, List<ClaimedShard> claimed, boolean reachedEnd) {
        lock.lock();
        try {
            feed.endClaim(claimed, reachedEnd, time.now().plus(settings.ttl()));
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Acquired none(NoLease.Reason reason, String detail) {
        return new Acquired.None(reason, Duration.ofSeconds(reason == NoLease.Reason.BUNDLE_MISSING ? 30 : 1), detail);
    }

    /// Whether that is the present lease of this agent.
    public Held find(Fence fence, Member agent) {
        return table.find(fence, agent);
    }

    /// The lease with that fence, whoever holds it.
    public Optional<Lease> find(Fence fence) {
        return table.find(fence);
    }

    /// Keeps a lease that makes progress.
    public Held heartbeat(Fence fence, Member agent, int cursor) {
        Held held = table.find(fence, agent);
        if (held instanceof Held.Current(Lease lease)) {
            Instant now = time.now();
            lease.progress(cursor, now);
            if (!stalled(lease, now)) {
                lease.renew(now.plus(settings.ttl()));
            } else if (lease.lock().tryLock()) {
                try {
                    claims.end(this, lease, LeaseEnd.STALLED, owners());
                    return new Held.Lost(LeaseEnd.STALLED);
                } finally {
                    lease.lock().unlock();
                }
            }
        }
        return held;
    }

    private boolean stalled(Lease lease, Instant now) {
        return lease.progressAt().plus(settings.stalledAfter()).isBefore(now);
    }

    /// Takes a lease back from its agent.
    ///
    /// @param fault whether something failed
    public void giveBack(Fence fence, Member agent, boolean fault) {
        if (table.find(fence, agent) instanceof Held.Current(Lease lease)) {
            lease.lock().lock();
            try {
                if (lease.end().isEmpty()) {
                    claims.end(this, lease, fault ? LeaseEnd.FAILED : LeaseEnd.GIVEN_BACK, owners());
                }
            } finally {
                lease.lock().unlock();
            }
            claims.flush(this);
        }
    }

    /// Ends leases whose time is over, a bounded number at a time, and writes back what ended.
    ///
    /// @return how many ended
    public int sweep() {
        List<Lease> expired = table.expired(time.now(), settings.sweepBatch());
        List<Lease> busy = new ArrayList<>();
        for (Lease lease : expired) {
            if (!lease.lock().tryLock()) {
                busy.add(lease);
                continue;
            }
            try {
                if (lease.end().isEmpty() && !lease.expiresAt().isAfter(time.now())) {
                    claims.end(this, lease, LeaseEnd.EXPIRED, owners());
                }
            } finally {
                lease.lock().unlock();
            }
        }
        table.again(busy);
        claims.flush(this);
        return expired.size() - busy.size();
    }

    /// A lease is over; its end is written or on its way. The lease's lock is held.
    ///
    /// @param how it ended
    public void over(Lease lease, LeaseEnd how) {
        lease.end(how);
        table.remove(lease, how);
    }

    /// Ends a lease whose fence the database did not take: where the shard is still this lease's there, as after a
    /// commit
    /// of which the answer was lost, it is opened again. The lease's lock is held.
    public void lose(Lease lease) {
        over(lease, LeaseEnd.SUPERSEDED);
        claims.reopen(this, lease);
    }

    /// A shard is open again in the database.
    public void opened(ClaimedShard shard, boolean unsupplied) {
        lock.lock();
        try {
            Feed feed = feeds.get(shard.key().listing());
            if (feed != null) {
                feed.giveBack(shard.key().number(), unsupplied, time.now());
                work.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Revokes all leases of a member.
    public void revoke(Member member) {
        end(lease -> lease.agent().id().equals(member.id()));
        claims.flush(this);
    }

    private void end(java.util.function.Predicate<Lease> which) {
        for (Lease lease : table.all()) {
            // One that is just reporting is left to its report, whose fence is checked, or to the sweeper.
            if (which.test(lease) && lease.lock().tryLock()) {
                try {
                    if (lease.end().isEmpty()) {
                        claims.end(this, lease, LeaseEnd.REVOKED, owners());
                    }
                } finally {
                    lease.lock().unlock();
                }
            }
        }
    }

    @Override
    public void grown(Listing listing) {
        Optional<StorageTerms> terms = storages.find(listing.storage())
                .filter(present -> present.epoch().equals(listing.epoch()));
        lock.lock();
        try {
            Feed feed = feeds.get(listing.id());
            if (feed != null) {
                feed.grow(listing);
            } else if (terms.isPresent()) {
                feeds.put(listing.id(), new Feed(listing, terms.get()));
            }
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void ended(ListingId listing) {
        lock.lock();
        try {
            feeds.remove(listing);
        } finally {
            lock.unlock();
        }
        end(lease -> lease.shard().key().listing().equals(listing));
    }

    @Override
    public double objectsPerSecond() {
        return objectsPerSecond;
    }

    void measured(double viewsPerSecond) {
        if (viewsPerSecond > 0) {
            objectsPerSecond = viewsPerSecond;
        }
    }

    /// Why work on a listing stands still, where it does.
    public List<String> stuck(ListingId listing) {
        lock.lock();
        try {
            return Optional.ofNullable(feeds.get(listing)).map(Feed::stuck).orElse(List.of());
        } finally {
            lock.unlock();
        }
    }

    /// Grants nothing more; waiting agents are told.
    public void drain() {
        lock.lock();
        try {
            draining = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private int owners() {
        return agentOwners.size();
    }

    /// Leases that live.
    public int size() {
        return table.size();
    }
}
