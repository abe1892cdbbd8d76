package org.picket.coordinator.feed;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import org.picket.coordinator.database.DatabaseFault;
import org.picket.coordinator.feed.WaitingLine.Place;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.proto.v1.NoLease;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives shards to agents that wait: what is at hand at once, and what is open once it is claimed for them.
/// Whoever came first is served first, as far as its bundles and circles allow.
///
/// Safe for any number of threads: it takes the lock of [Feeds], and gives it up while an agent sleeps or
/// shards are being claimed.
final class Dispenser {
    private static final Logger LOG = LoggerFactory.getLogger(Dispenser.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    /// More is claimed as soon as no more than this part of a claim is left.
    static final int REFILL_PART = 4;

    /// Where more agents wait than a claim brings shards, it brings more, up to this.
    private static final int MOST_CLAIMED = 256;

    private final FeedTurns feeds;
    private final FeedClaims claims;
    private final TimeSource time;
    private final int claimBatch;
    private final Lock lock;
    private final WaitingLine line = new WaitingLine();
    /// How many share the shards.
    private volatile int coordinators = 1;
    private volatile boolean draining;

    /// @param ttl how long a lease lives without a heartbeat
    /// @param claimBatch shards claimed in one transaction
    /// @param lock of the feeds
    Dispenser(FeedTurns feeds, Claims claims, TimeSource time, Duration ttl, int claimBatch, Lock lock) {
        this.feeds = feeds;
        this.time = time;
        this.claimBatch = claimBatch;
        this.lock = lock;
        this.claims = new FeedClaims(claims, time, ttl, lock, this::serve);
    }

    /// Waits for a shard.
    Feeds.Next await(Asking agent, Duration wait) throws InterruptedException {
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

    private Feeds.Next await(Place place, long deadline) throws InterruptedException {
        while (true) {
            if (line.isFirst(place)) {
                // What becomes open with time alone tells nobody.
                serve();
            } else {
                claimFor(place);
            }
            long left = deadline - System.nanoTime();
            Optional<Feeds.Next> end = end(place, left);
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
    private void takeBack(Feeds.Next given) {
        if (given instanceof Feeds.Next.Shard(ClaimedShard shard, StorageTerms _)) {
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
        if (place.agent().drained()) {
            place.give(Granting.DRAINED);
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
        return feed.batch(Math.max(claimBatch, Math.min(line.size(), MOST_CLAIMED)), coordinators);
    }

    /// So many shards at hand that more are claimed.
    private int few(Feed feed) {
        return feed.batch(claimBatch, coordinators) / REFILL_PART;
    }

    /// What the wait has come to; empty: it goes on.
    private Optional<Feeds.Next> end(Place place, long nanosLeft) {
        if (place.given().isPresent()) {
            return place.given();
        }
        if (draining) {
            return Optional.of(new Feeds.Next.Nothing(NoLease.Reason.DRAINING, "this coordinator is shutting down"));
        }
        place.failed().ifPresent(failure -> {
            throw failure;
        });
        boolean over = nanosLeft <= 0 && !place.claims() || place.agent().gone();
        return over ? Optional.of(feeds.nothing(place.agent(), time.now())) : Optional.empty();
    }

    /// Gives what is at hand to those that wait, and claims what is open for the others; who is drained by now is told
    /// so. The lock is held.
    void serve() {
        line.unsettled().stream()
                .filter(place -> place.agent().drained())
                .forEach(place -> place.give(Granting.DRAINED));
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
                        DatabaseFault.of(e));
            }
        });
    }

    /// So many coordinators share the shards.
    void shared(int all) {
        coordinators = all;
    }

    /// Whether nothing more is given out.
    boolean draining() {
        return draining;
    }

    /// Gives out nothing more; those that wait are told.
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
