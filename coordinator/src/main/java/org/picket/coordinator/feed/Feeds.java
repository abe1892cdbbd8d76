package org.picket.coordinator.feed;

import com.google.protobuf.ByteString;
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
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.StorageDirectory;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.coordinator.shard.RuledPast;
import org.picket.coordinator.shard.ShardState;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.MemberId;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.NoLease;
import org.picket.runtime.time.TimeSource;

/// The shards of all open listings on their way to leases: claimed a batch at a time, given out one by one,
/// lanes and sites by turns that follow their shares and weights, and listings of a site one after the other.
///
/// Safe for any number of threads. Under its lock the database is asked for nothing but a storage's terms,
/// every two seconds ([StorageDirectory]).
public final class Feeds {
    private final Claims claims;
    private final StorageDirectory storages;
    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();
    private final FeedTurns feeds;
    private final Dispenser dispenser;

    /// @param claims takes shards from the database and gives them back
    /// @param storages their present terms
    /// @param ttl how long a lease lives without a heartbeat
    /// @param claimBatch shards claimed in one transaction
    /// @param paces tell for whom a shard is kept
    /// @param weight of a site against the others, positive
    public Feeds(
            Claims claims,
            StorageDirectory storages,
            TimeSource time,
            Duration ttl,
            int claimBatch,
            AgentPaces paces,
            ToDoubleFunction<OwnerId> weight) {
        this.claims = claims;
        this.storages = storages;
        this.time = time;
        this.feeds = new FeedTurns(storages, paces, weight);
        this.dispenser = new Dispenser(feeds, claims, time, ttl, claimBatch, lock);
    }

    /// What a wait for work came to.
    public sealed interface Next {
        /// @param terms under which it is ruled
        record Shard(ClaimedShard shard, StorageTerms terms) implements Next {}

        /// @param reason why there is none
        /// @param detail for people
        record Nothing(NoLease.Reason reason, String detail) implements Next {}
    }

    /// A listing of which no shard is left to be leased, and nothing more comes.
    ///
    /// @param terms its storage's present ones
    public record Dry(ListingId listing, StorageTerms terms) {}

    /// Waits for a shard.
    public Next await(Asking agent, Duration wait) throws InterruptedException {
        return dispenser.await(agent, wait);
    }

    private <T> T locked(Supplier<T> what) {
        lock.lock();
        try {
            return what.get();
        } finally {
            lock.unlock();
        }
    }

    /// Changes what there is, and serves those that wait.
    private void change(Runnable how) {
        lock.lock();
        try {
            how.run();
            dispenser.serve();
        } finally {
            lock.unlock();
        }
    }

    private void change(ListingId listing, Consumer<Feed> how) {
        change(() -> feeds.find(listing).ifPresent(how));
    }

    /// Follow-ups were added to a listing.
    public void followed(ListingId listing) {
        change(listing, Feed::followed);
    }

    /// Shards of a listing are open again that nobody here knows of.
    void reopened(ListingId listing) {
        change(listing, Feed::again);
    }

    /// A shard is open again in the database.
    ///
    /// @param unsupplied its lease got nothing from the crawler
    public void opened(ClaimedShard shard, boolean unsupplied) {
        change(shard.key().listing(), feed -> feed.giveBack(shard.key().number(), unsupplied, time.now()));
    }

    /// Gives back what is leased no more, with the next [#flush].
    ///
    /// @param state afterwards
    /// @param past what is ruled of it
    /// @param unsupplied its lease got nothing from the crawler
    public void giveBack(ClaimedShard shard, ShardState state, RuledPast past, boolean unsupplied) {
        claims.giveBack(shard, state, past, unsupplied);
    }

    /// Gives back the shards at hand that nobody has asked for since.
    public void giveBackUnused(Instant since) {
        claims.unclaim(locked(() -> feeds.all().stream()
                .flatMap(feed -> feed.unused(since).stream())
                .toList()));
        flush();
    }

    /// Writes what waits to be given back.
    public void flush() {
        claims.flush(this);
    }

    /// A listing began, goes on, or has new shards.
    public void grown(Listing listing) {
        Optional<StorageTerms> terms = storages.find(listing.storage())
                .filter(present -> present.epoch().equals(listing.epoch()));
        change(() -> {
            Optional<Feed> feed = feeds.find(listing.id());
            feed.ifPresent(there -> there.grow(listing));
            if (feed.isEmpty() && terms.isPresent()) {
                feeds.add(new Feed(listing, terms.get()));
            }
        });
    }

    /// A listing is over.
    public void ended(ListingId listing) {
        lock.lock();
        try {
            feeds.remove(listing);
        } finally {
            lock.unlock();
        }
    }

    /// An agent could not get a storage's views.
    public void outOfReach(StorageId storage, MemberId agent) {
        feeds.reach().failed(storage, agent, time.now());
    }

    /// An agent gets a storage's views.
    public void supplied(StorageId storage, MemberId agent) {
        if (feeds.reach().supplied(storage, agent, time.now())) {
            serveAnew();
        }
    }

    /// A storage's crawler is heard of.
    public void heardOf(StorageId storage) {
        if (feeds.reach().heardOf(storage, time.now())) {
            serveAnew();
        }
    }

    /// Agents that could not get a storage's views may try again.
    private void serveAnew() {
        change(() -> {});
    }

    /// Looks at what there is of a listing.
    ///
    /// @param at short, for it holds the lock; what it gives is its caller's own
    private <T> Optional<T> look(ListingId listing, Function<Feed, T> at) {
        return locked(() -> feeds.find(listing).map(at));
    }

    /// An open listing, as it was when last it grew.
    public Optional<Listing> listing(ListingId listing) {
        return look(listing, Feed::listing);
    }

    /// The present terms of an open listing's storage, where they are of the listing's epoch.
    public Optional<StorageTerms> terms(ListingId listing) {
        return look(listing, feeds::current).flatMap(Function.identity());
    }

    /// Why nothing goes out of a listing, where that is so.
    public List<Stuck> stuck(ListingId listing) {
        return look(listing, Feed::stuck).orElse(List.of());
    }

    /// Shards of a listing that got no objects from their crawler, by number.
    public List<StuckShard> stuckShards(ListingId listing) {
        return look(listing, Feed::stuckShards).orElse(List.of());
    }

    /// The listings that there are feeds of.
    public Set<ListingId> listings() {
        return locked(feeds::listings);
    }

    /// Listings that wait for leases under way alone.
    public List<Dry> dry() {
        return locked(() -> feeds.all().stream()
                .filter(Feed::dry)
                .flatMap(feed -> feeds.current(feed).stream()
                        .map(terms -> new Dry(feed.listing().id(), terms)))
                .toList());
    }

    /// Whose agents are there and may have shards of a storage on these terms that wait for one bundle.
    public Set<OwnerId> operators(StorageTerms terms, ByteString bundle) {
        return feeds.presence(terms, time.now()).operators(bundle);
    }

    /// So many coordinators share the shards.
    public void shared(int all) {
        dispenser.shared(all);
    }

    /// What is at hand is this coordinator's no more: all of it is claimed anew.
    public void forget() {
        change(() -> feeds.all().forEach(feed -> {
            feed.giveUp();
            feed.again();
        }));
    }

    /// Whether nothing more is given out.
    public boolean draining() {
        return dispenser.draining();
    }

    /// Gives out nothing more; those that wait are told.
    public void drain() {
        dispenser.drain();
    }
}
