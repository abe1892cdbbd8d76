package org.picket.coordinator.lease;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.StorageDirectory;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.coordinator.share.Turns;
import org.picket.proto.id.ListingId;
import org.picket.proto.v1.NoLease;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The shards of all open listings on their way to leases: claimed a batch at a time, given out one by one,
/// sites by turns that follow their weights, and listings of a site one after the other.
///
/// Safe for any number of threads. Under its lock the database is asked for nothing but a storage's terms, every
/// two seconds ([StorageDirectory]).
final class Feeds {
    private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    /// More is claimed as soon as no more than this part of a claim is left.
    private static final int REFILL_PART = 4;

    private final Claims claims;
    private final StorageDirectory storages;
    private final TimeSource time;
    private final LeaseSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final ToDoubleFunction<OwnerId> weight;
    private final Turns turns = new Turns();
    private final Map<ListingId, Feed> feeds = new LinkedHashMap<>();
    /// How many share the shards.
    private volatile int coordinators = 1;
    private volatile boolean draining;

    Feeds(
            Claims claims,
            StorageDirectory storages,
            TimeSource time,
            LeaseSettings settings,
            ToDoubleFunction<OwnerId> weight) {
        this.weight = weight;
        this.claims = claims;
        this.storages = storages;
        this.time = time;
        this.settings = settings;
    }

    /// What a wait for work came to.
    sealed interface Next {
        /// @param terms under which it is ruled
        record Shard(ClaimedShard shard, StorageTerms terms) implements Next {}

        record Nothing(NoLease.Reason reason, String detail) implements Next {}
    }

    /// Waits for a shard.
    Next await(Asking agent, Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        while (true) {
            Optional<Feed> claimable;
            Optional<Next> shard;
            lock.lockInterruptibly();
            try {
                if (draining) {
                    return new Next.Nothing(NoLease.Reason.DRAINING, "this coordinator is shutting down");
                }
                shard = take(agent);
                claimable = claimable(agent, shard.isPresent());
                if (shard.isEmpty() && claimable.isEmpty()) {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        return nothing(agent);
                    }
                    work.awaitNanos(Math.min(left, LOOK_AGAIN.toNanos()));
                    continue;
                }
            } finally {
                lock.unlock();
            }
            if (shard.isPresent()) {
                claimable.ifPresent(feed -> refill(feed, agent.bundles()));
                return shard.get();
            }
            claim(claimable.get(), agent.bundles());
        }
    }

    /// Claims ahead, so that nobody waits for it.
    private void refill(Feed feed, Set<ByteString> bundles) {
        Thread.ofVirtual().name("claim").start(() -> {
            try {
                claim(feed, bundles);
            } catch (RuntimeException e) {
                // Whoever needs a shard tries again, and is told where that fails too.
                LOG.info(
                        "listing {}: shards cannot be claimed ahead: {}",
                        feed.listing().id(),
                        e.getMessage());
            }
        });
    }

    private Optional<Next> take(Asking agent) {
        for (Feed feed : byTurns()) {
            Optional<StorageTerms> terms =
                    feed.serves(agent.bundles()) ? current(feed).filter(agent.accepted()) : Optional.empty();
            Optional<ClaimedShard> shard = terms.isPresent() ? feed.take(agent.bundles()) : Optional.empty();
            if (shard.isPresent()) {
                OwnerId site = feed.terms().owner();
                feed.used(time.now());
                turns.served(site, shard.get().leaseObjects(), weight.applyAsDouble(site));
                rotate(feed);
                return Optional.of(new Next.Shard(shard.get(), terms.get()));
            }
        }
        return Optional.empty();
    }

    /// Listings in the order in which they are looked at.
    private Collection<Feed> byTurns() {
        if (feeds.size() < 2) {
            return feeds.values();
        }
        Map<OwnerId, List<Feed>> bySite = new LinkedHashMap<>();
        feeds.values()
                .forEach(feed -> bySite.computeIfAbsent(feed.terms().owner(), _ -> new ArrayList<>())
                        .add(feed));
        return turns.order(bySite.keySet()).stream()
                .flatMap(site -> bySite.get(site).stream())
                .toList();
    }

    /// The next grant looks at another listing of the site first.
    private void rotate(Feed feed) {
        if (feeds.size() > 1) {
            feeds.remove(feed.listing().id());
            feeds.put(feed.listing().id(), feed);
        }
    }

    /// The storage's present terms, where they are of the listing's epoch. Mode and allowlist may have changed
    /// since the listing began.
    Optional<StorageTerms> current(Feed feed) {
        return storages.find(feed.terms().storage())
                .filter(terms -> terms.epoch().equals(feed.terms().epoch()));
    }

    /// Where to claim.
    ///
    /// @param ahead of a listing that has some shards at hand, too, but not many
    private Optional<Feed> claimable(Asking agent, boolean ahead) {
        for (Feed feed : byTurns()) {
            int atHand = ahead ? feed.batch(settings.claimBatch(), coordinators) / REFILL_PART : 0;
            if (feed.claimable(agent.bundles(), atHand, time.now())
                    && current(feed).filter(agent.accepted()).isPresent()) {
                feed.mark();
                return Optional.of(feed);
            }
        }
        return Optional.empty();
    }

    private Next nothing(Asking agent) {
        return agent.nothing(feeds.values(), feed -> current(feed).orElseGet(feed::terms));
    }

    /// What one claim asks the database for.
    private record Claim(List<Integer> returned, int watermark, int room, List<FollowUpLane> lanes, int batch) {}

    private Claim beginClaim(Feed feed, Set<ByteString> bundles) {
        lock.lock();
        try {
            int batch = feed.batch(settings.claimBatch(), coordinators);
            List<Integer> returned = feed.beginClaim(bundles, batch, time.now());
            return new Claim(
                    returned,
                    feed.watermark(),
                    feed.room(bundles, batch - returned.size()),
                    feed.beginFollowUps(bundles, batch / REFILL_PART, time.now()),
                    batch);
        } finally {
            lock.unlock();
        }
    }

    private void claim(Feed feed, Set<ByteString> bundles) {
        Claim claim = beginClaim(feed, bundles);
        ListingId listing = feed.listing().id();
        List<ClaimedShard> claimed = new ArrayList<>();
        List<Integer> returned = claim.returned();
        try {
            if (!returned.isEmpty()) {
                claimed.addAll(claims.claim(listing, returned));
                returned = List.of();
            }
            boolean reachedEnd = false;
            if (claim.room() > 0) {
                List<ClaimedShard> next = claims.claimNext(listing, claim.watermark(), claim.room());
                reachedEnd = next.size() < claim.room();
                claimed.addAll(next);
            }
            claim.lanes().forEach(lane -> claim(listing, lane, claim.batch()));
            endClaim(feed, claimed, reachedEnd);
        } catch (RuntimeException e) {
            failClaim(feed, claimed, returned);
            throw e;
        }
    }

    private void claim(ListingId listing, FollowUpLane lane, int limit) {
        List<ClaimedShard> claimed = claims.claimFollowUps(listing, lane.place(), lane.after(), limit);
        lock.lock();
        try {
            lane.endClaim(claimed, claimed.size() < limit, time.now().plus(settings.ttl()));
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void failClaim(Feed feed, List<ClaimedShard> claimed, List<Integer> returned) {
        lock.lock();
        try {
            feed.failClaim(claimed, returned, time.now());
        } finally {
            lock.unlock();
        }
    }

    private void endClaim(Feed feed, List<ClaimedShard> claimed, boolean reachedEnd) {
        lock.lock();
        try {
            feed.used(time.now());
            feed.endClaim(claimed, reachedEnd, time.now().plus(settings.ttl()));
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Follow-ups were added to a listing.
    void followed(ListingId listing) {
        change(listing, Feed::followed);
    }

    /// Shards of a listing are open again that nobody here knows of.
    void reopened(ListingId listing) {
        change(listing, Feed::again);
    }

    private void change(ListingId listing, Consumer<Feed> how) {
        lock.lock();
        try {
            Optional.ofNullable(feeds.get(listing)).ifPresent(how);
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// A listing began, goes on, or has new shards.
    void grown(Listing listing) {
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

    void ended(ListingId listing) {
        lock.lock();
        try {
            feeds.remove(listing);
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// A shard is open again in the database.
    void opened(ClaimedShard shard, boolean unsupplied) {
        change(shard.key().listing(), feed -> feed.giveBack(shard.key().number(), unsupplied, time.now()));
    }

    /// Looks at what there is of a listing.
    ///
    /// @param at short, for it holds the lock; what it gives is its caller's own
    <T> Optional<T> look(ListingId listing, Function<Feed, T> at) {
        lock.lock();
        try {
            return Optional.ofNullable(feeds.get(listing)).map(at);
        } finally {
            lock.unlock();
        }
    }

    /// Shards that got no objects from their crawler, of all listings.
    int fruitless() {
        lock.lock();
        try {
            return feeds.values().stream().mapToInt(Feed::fruitless).sum();
        } finally {
            lock.unlock();
        }
    }

    /// The listings that there are feeds of.
    Set<ListingId> listings() {
        lock.lock();
        try {
            return Set.copyOf(feeds.keySet());
        } finally {
            lock.unlock();
        }
    }

    /// So many coordinators share the shards.
    void shared(int all) {
        coordinators = all;
    }

    /// Gives up the shards at hand that nobody has asked for since.
    List<ClaimedShard> unused(Instant since) {
        lock.lock();
        try {
            return feeds.values().stream()
                    .flatMap(feed -> feed.unused(since).stream())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /// What is at hand is this coordinator's no more: all of it is claimed anew.
    void forget() {
        lock.lock();
        try {
            feeds.values().forEach(feed -> {
                feed.giveUp();
                feed.again();
            });
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Whether nothing more is given out.
    boolean draining() {
        return draining;
    }

    void drain() {
        lock.lock();
        try {
            draining = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
