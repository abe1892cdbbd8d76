package org.picket.coordinator.feed;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.function.ToIntFunction;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.proto.id.ListingId;
import org.picket.runtime.time.TimeSource;

/// Claims shards for feeds: asks the database while nobody waits for it under the lock of [Feeds], and puts what came
/// into the feed.
final class FeedClaims {
    private final Claims claims;
    private final TimeSource time;
    private final Duration rescanAfter;
    private final Lock lock;
    private final Runnable served;

    /// @param rescanAfter where nothing more was open: when that is looked at again
    /// @param lock of the feeds
    /// @param served gives what came to those that wait; called under the lock
    FeedClaims(Claims claims, TimeSource time, Duration rescanAfter, Lock lock, Runnable served) {
        this.claims = claims;
        this.time = time;
        this.rescanAfter = rescanAfter;
        this.lock = lock;
        this.served = served;
    }

    /// What one claim asks the database for.
    private record Claim(List<Integer> returned, int watermark, int room, List<FollowUpLane> lanes, int batch) {}

    private Claim beginClaim(Feed feed, Set<ByteString> bundles, ToIntFunction<Feed> size) {
        lock.lock();
        try {
            int batch = size.applyAsInt(feed);
            List<Integer> returned = feed.beginClaim(bundles, batch, time.now());
            return new Claim(
                    returned,
                    feed.watermark(),
                    feed.room(bundles, batch - returned.size()),
                    feed.beginFollowUps(bundles, batch / Dispenser.REFILL_PART, time.now()),
                    batch);
        } finally {
            lock.unlock();
        }
    }

    /// Claims shards of a feed that was marked for it. The lock is not held meanwhile.
    ///
    /// @param bundles that whoever needs them runs
    /// @param size how many at most; asked under the lock
    void claim(Feed feed, Set<ByteString> bundles, ToIntFunction<Feed> size) {
        Claim claim = beginClaim(feed, bundles, size);
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
            lane.endClaim(claimed, claimed.size() < limit, time.now().plus(rescanAfter));
            served.run();
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
            feed.endClaim(claimed, reachedEnd, time.now().plus(rescanAfter));
            served.run();
        } finally {
            lock.unlock();
        }
    }
}
