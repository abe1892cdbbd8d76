package org.picket.coordinator.lease;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.lease.WaitingLine.Place;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.StorageDirectory;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.proto.id.ListingId;
import org.picket.proto.v1.NoLease;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The shards of all open listings on their way to leases: claimed a batch at a time, given out one by one,
/// lanes and sites by turns that follow their shares and weights, and listings of a site one after the other.
///
/// Safe for any number of threads. Under its lock the database is asked for nothing but a storage's terms, every
/// two seconds ([StorageDirectory]).
final class Feeds {
    private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    /// More is claimed as soon as no more than this part of a claim is left.
    static final int REFILL_PART = 4;

    /// Where more agents wait than a claim brings shards, it brings more, up to this.
    private static final int MOST_CLAIMED = 256;

    private final FeedClaims claims;
    private final StorageDirectory storages;
    private final TimeSource time;
    private final LeaseSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final WaitingLine line = new WaitingLine();
    private final FeedTurns feeds;
    /// How many share the shards.
    private volatile int coordinators = 1;
    private volatile boolean draining;

    Feeds(
            Claims claims,
            StorageDirectory storages,
            TimeSource time,
            LeaseSettings settings,
            Stragglers stragglers,
            ToDoubleFunction<OwnerId> weight) {
        this.storages = storages;
        this.time = time;
        this.settings = settings;
        this.feeds = new FeedTurns(storages, stragglers, weight);
        this.claims = new FeedClaims(claims, time, settings, lock, this::serve);
    }

    /// What a wait for work came to.
    sealed interface Next {
        /// @param terms under which it is ruled
        record Shard(ClaimedShard shard, StorageTerms terms) implements Next {}

        record Nothing(NoLease.Reason reason, String detail) implements Next {}
    }

    /// Waits for a shard. Whoever came first is served first, as far as its bundles and circles allow.
    Next await(Asking agent, Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        Place place = new Place(agent, lock.newCondition());
        Context.CancellationListener gone = _ -> wake(place);
        agent.call().addListener(gone, Runnable::run);
        try {
            lock.lockInterruptibly();
            try {
                line.add(place);
                give(place);
                return await(place, deadline);
            } finally {
                line.remove(place);
                lock.unlock();
            }
        } finally {
            agent.call().removeListener(gone);
        }
    }

    private Next await(Place place, long deadline) throws InterruptedException {
        while (true) {
            if (line.isFirst(place)) {
                // What becomes open with time alone tells nobody.
                serve();
            } else {
                claimFor(place);
            }
            long left = deadline - System.nanoTime();
            Optional<Next> end = end(place, left);
            if (end.isPresent()) {
                return end.get();
            }
            try {
                place.await(
                        left > 0 && (left < LOOK_AGAIN.toNanos() || !line.isFirst(place))
                                ? left
                                : LOOK_AGAIN.toNanos());
            } catch (InterruptedException e) {
                place.given().ifPresent(this::takeBack);
                throw e;
            }
        }
    }

    private void wake(Place place) {
        lock.lock();
        try {
            place.wake();
        } finally {
            lock.unlock();
        }
    }

    /// What was given to an agent that did not come to get it.
    private void takeBack(Next given) {
        if (given instanceof Next.Shard(ClaimedShard shard, StorageTerms _)) {
            feeds.find(shard.key().listing()).ifPresent(feed -> feed.putBack(shard));
            serve();
        }
    }

    /// Gives an agent a shard that is at hand, where there is one.
    ///
    /// @return whether that could be told; where not, the agent is told why
    private boolean give(Place place) {
        if (draining) {
            return true;
        }
        try {
            Instant now = time.now();
            feeds.take(place.agent(), now).ifPresent(next -> {
                place.give(next);
                feeds.claimable(place.agent(), this::few, now)
                        .ifPresent(feed -> refill(feed, place.agent().able(feed.terms())));
            });
            return true;
        } catch (RuntimeException e) {
            place.fail(e);
            return false;
        }
    }

    /// Shards of one claim.
    private int batch(Feed feed) {
        return feed.batch(Math.max(settings.claimBatch(), Math.min(line.size(), MOST_CLAIMED)), coordinators);
    }

    /// So many shards at hand that more are claimed.
    private int few(Feed feed) {
        return feed.batch(settings.claimBatch(), coordinators) / REFILL_PART;
    }

    /// What the wait has come to; empty: it goes on.
    private Optional<Next> end(Place place, long nanosLeft) {
        if (place.given().isPresent()) {
            return place.given();
        }
        if (draining) {
            return Optional.of(new Next.Nothing(NoLease.Reason.DRAINING, "this coordinator is shutting down"));
        }
        place.failed().ifPresent(failure -> {
            throw failure;
        });
        boolean over = nanosLeft <= 0 && !place.claims() || place.agent().gone();
        return over ? Optional.of(feeds.nothing(place.agent(), time.now())) : Optional.empty();
    }

    /// Gives what is at hand to those that wait, and claims what is open for the others.
    private void serve() {
        List<Place> waiting = draining ? List.of() : line.unsettled();
        for (Place place : waiting) {
            if (!feeds.any()) {
                break;
            }
            if (feeds.any(place.agent()) && !give(place)) {
                return;
            }
        }
        Instant now = time.now();
        for (Place place : waiting) {
            if (!feeds.claimable(now) || !claimFor(place)) {
                return;
            }
        }
    }

    /// Claims for an agent that waits.
    ///
    /// @return whether it could be told where; if not, the agent is told why
    private boolean claimFor(Place place) {
        if (place.claims() || place.settled() || draining) {
            return true;
        }
        try {
            feeds.claimable(place.agent(), _ -> 0, time.now()).ifPresent(feed -> {
                place.beginClaim();
                Thread.ofVirtual().name("claim").start(() -> claim(feed, place));
            });
            return true;
        } catch (RuntimeException e) {
            place.fail(e);
            return false;
        }
    }

    private void claim(Feed feed, Place place) {
        Optional<RuntimeException> failure = Optional.empty();
        try {
            claims.claim(feed, place.agent().able(feed.terms()), this::batch);
        } catch (RuntimeException e) {
            failure = Optional.of(e);
        }
        lock.lock();
        try {
            place.endClaim(failure);
        } finally {
            lock.unlock();
        }
    }

    /// Claims ahead, so that nobody waits for it.
    private void refill(Feed feed, Set<ByteString> bundles) {
        Thread.ofVirtual().name("claim").start(() -> {
            try {
                claims.claim(feed, bundles, this::batch);
            } catch (RuntimeException e) {
                // Whoever needs a shard tries again, and is told where that fails too.
                LOG.info(
                        "listing {}: shards cannot be claimed ahead: {}",
                        feed.listing().id(),
                        e.getMessage());
            }
        });
    }

    /// The storage's present terms, where they are of the listing's epoch. Mode and allowlist may have changed
    /// since the listing began.
    Optional<StorageTerms> current(Feed feed) {
        return feeds.current(feed);
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
            feeds.find(listing).ifPresent(how);
            serve();
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
            Optional<Feed> feed = feeds.find(listing.id());
            feed.ifPresent(there -> there.grow(listing));
            if (feed.isEmpty() && terms.isPresent()) {
                feeds.add(new Feed(listing, terms.get()));
            }
            serve();
        } finally {
            lock.unlock();
        }
    }

    void ended(ListingId listing) {
        lock.lock();
        try {
            feeds.remove(listing);
        } finally {
            lock.unlock();
        }
    }

    /// Which agents get which storages' views.
    Reach reach() {
        return feeds.reach();
    }

    /// Agents that could not get a storage's views may try again.
    void serveAnew() {
        lock.lock();
        try {
            serve();
        } finally {
            lock.unlock();
        }
    }

    /// A shard is open again in the database.
    void opened(ClaimedShard shard, boolean unsupplied) {
        change(shard.key().listing(), feed -> feed.giveBack(shard.key().number(), unsupplied, time.now()));
    }

    private <T> T locked(Supplier<T> what) {
        lock.lock();
        try {
            return what.get();
        } finally {
            lock.unlock();
        }
    }

    /// Looks at what there is of a listing.
    ///
    /// @param at short, for it holds the lock; what it gives is its caller's own
    <T> Optional<T> look(ListingId listing, Function<Feed, T> at) {
        return locked(() -> feeds.find(listing).map(at));
    }

    /// Shards that got no objects from their crawler, of all listings.
    int fruitless() {
        return locked(() -> feeds.all().stream().mapToInt(Feed::fruitless).sum());
    }

    /// The listings that there are feeds of.
    Set<ListingId> listings() {
        return locked(feeds::listings);
    }

    /// So many coordinators share the shards.
    void shared(int all) {
        coordinators = all;
    }

    /// Gives up the shards at hand that nobody has asked for since.
    List<ClaimedShard> unused(Instant since) {
        return locked(() -> feeds.all().stream()
                .flatMap(feed -> feed.unused(since).stream())
                .toList());
    }

    /// What is at hand is this coordinator's no more: all of it is claimed anew.
    void forget() {
        lock.lock();
        try {
            feeds.all().forEach(feed -> {
                feed.giveUp();
                feed.again();
            });
            serve();
        } finally {
            lock.unlock();
        }
    }

    /// Listings that wait for leases under way alone.
    List<Stragglers.Dry> dry() {
        return locked(() -> feeds.all().stream()
                .filter(Feed::dry)
                .flatMap(feed -> current(feed).stream()
                        .map(terms -> new Stragglers.Dry(feed.listing().id(), terms)))
                .toList());
    }

    /// Whether nothing more is given out.
    boolean draining() {
        return draining;
    }

    void drain() {
        lock.lock();
        try {
            draining = true;
            line.wakeAll();
        } finally {
            lock.unlock();
        }
    }
}
