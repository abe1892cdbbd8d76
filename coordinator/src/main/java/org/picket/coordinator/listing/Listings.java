package org.picket.coordinator.listing;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.Horizon;
import org.picket.coordinator.finding.OverruledKeys;
import org.picket.coordinator.finding.UnlistableEntries;
import org.picket.coordinator.hashlist.ListStamp;
import org.picket.coordinator.shard.FollowUp;
import org.picket.coordinator.shard.FollowUps;
import org.picket.coordinator.shard.KeyRange;
import org.picket.coordinator.shard.ShardPlan;
import org.picket.coordinator.shard.ShardStore;
import org.picket.proto.id.ListingId;
import org.picket.proto.key.KeyOrder;
import org.picket.proto.seal.Digest;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All listings.
///
/// Safe for any number of threads; pushes to one listing take turns at its row.
public final class Listings {
    private static final Logger LOG = LoggerFactory.getLogger(Listings.class);

    /// Listings of a storage that were given up, or are of a part of it, and keep their shards. With the newest
    /// whole one they are all that a listing looks at.
    static final int PARTIAL_KEPT = KnownRanges.LISTINGS - 1;

    private final Database database;
    private final TimeSource time;
    private final CopyOnWriteArrayList<ListingObserver> observers = new CopyOnWriteArrayList<>();

    /// @param database holds them
    public Listings(Database database, TimeSource time) {
        this.database = database;
        this.time = time;
    }

    /// Tells an observer of what changes from now on.
    public void observe(ListingObserver observer) {
        observers.add(observer);
    }

    private void grown(Listing listing) {
        observers.forEach(observer -> observer.grown(listing));
    }

    private void ended(ListingId listing) {
        observers.forEach(observer -> observer.ended(listing));
    }

    private double objectsPerSecond() {
        return observers.stream()
                .mapToDouble(ListingObserver::objectsPerSecond)
                .max()
                .orElse(0);
    }

    /// The service for crawlers.
    public BindableService service(StorageDirectory storages) {
        return new ListingsEndpoint(this, storages, time);
    }

    /// A listing that began or goes on.
    ///
    /// @param listing which
    /// @param resumed it had begun before
    public record Begun(Listing listing, boolean resumed) {}

    /// What a push came to.
    public sealed interface Pushed {
        /// @param knownObjects of the new ranges, those ruled already
        record Added(long knownObjects) implements Pushed {}

        /// @param why for people
        record Refused(String why) implements Pushed {}
    }

    /// Begins a listing, or goes on with the open one.
    ///
    /// @param since only objects modified within this span; empty: all
    public Begun begin(StorageTerms terms, Optional<Duration> since) {
        Instant now = time.now();
        List<ListingId> abandoned = new ArrayList<>();
        Begun begun = database.transaction(handle -> {
            abandoned.clear();
            PostgresListings.lockStorage(handle, terms.storage());
            Optional<Listing> resumed = Optional.empty();
            for (Listing open : PostgresListings.open(handle, terms.storage())) {
                if (resumed.isEmpty() && ListingRules.resumes(open, terms.epoch(), since, now)) {
                    resumed = Optional.of(open);
                } else {
                    PostgresListings.setState(handle, open.id(), ListingState.ABANDONED);
                    FollowUps.forget(handle, open.id());
                    abandoned.add(open.id());
                }
            }
            if (resumed.isPresent()) {
                return new Begun(resumed.get(), true);
            }
            ListingId id = PostgresListings.insert(handle, terms, since, now);
            ShardStore.createPartitions(handle, id);
            return new Begun(require(handle, id), false);
        });
        abandoned.forEach(this::ended);
        grown(begun.listing());
        if (!begun.resumed()) {
            dropPartial(begun.listing());
        }
        return begun;
    }

    /// Drops shards of listings that no later one will look at: of those that were given up, or are of a part of
    /// their storage, only a few are. Else whoever begins listings again and again would fill the database.
    private void dropPartial(Listing begun) {
        List<Listing> partial = database.transaction(handle -> PostgresListings.undropped(handle, begun)).stream()
                .filter(old -> !old.state().open())
                .filter(old -> old.state() == ListingState.ABANDONED
                        || old.scope().since().isPresent())
                .toList();
        partial.subList(0, Math.max(0, partial.size() - PARTIAL_KEPT)).forEach(old -> drop(old, begun.epoch()));
    }

    /// Adds ranges; those at or before the listing's cursor are there already and change nothing.
    ///
    /// @param ranges in key order
    /// @param lists in force at the site: what was ruled before they had grown so far is looked at again
    public Pushed push(ListingId id, List<KeyRange> ranges, ListStamp lists) {
        long grown = lists.grown();
        Optional<String> disorder = disorder(ranges);
        if (disorder.isPresent()) {
            return new Pushed.Refused(disorder.get());
        }
        int target = ShardPlan.target(objectsPerSecond());
        Pushed pushed = database.transaction(handle -> PostgresListings.lock(handle, id)
                .filter(listing -> listing.state() == ListingState.LISTING)
                .map(listing -> push(handle, listing, ranges, target, grown))
                .orElseGet(() -> new Pushed.Refused("listing " + id + " is not open for ranges; begin anew")));
        find(id).ifPresent(this::grown);
        return pushed;
    }

    private Pushed push(Handle handle, Listing listing, List<KeyRange> ranges, int target, long grown) {
        String cursor = listing.intake().cursorKey();
        List<KeyRange> fresh = ranges.stream()
                .dropWhile(range -> !cursor.isEmpty() && KeyOrder.compare(range.lastKey(), cursor) <= 0)
                .toList();
        if (fresh.isEmpty()) {
            return new Pushed.Added(0);
        }
        if (!cursor.isEmpty() && KeyOrder.compare(fresh.getFirst().firstKey(), cursor) <= 0) {
            return new Pushed.Refused("a range overlaps what listing " + listing.id() + " has already");
        }
        Set<ByteString> known = KnownRanges.find(handle, listing, fresh, grown);
        int first = listing.intake().shards() + 1;
        List<ShardPlan.Planned> shards = ShardPlan.cut(fresh, range -> known.contains(range.digest()), first, target);
        ShardStore.copyIn(handle, listing.id(), first, shards);
        int open = 0;
        long objects = 0;
        long bytes = 0;
        long knownObjects = 0;
        for (ShardPlan.Planned planned : shards) {
            objects += planned.span().objects();
            bytes += planned.span().bytes();
            if (planned.known()) {
                knownObjects += planned.span().objects();
            } else {
                open++;
            }
        }
        PostgresListings.push(
                handle,
                listing.id(),
                new PostgresListings.Pushed(
                        fresh.getLast().lastKey(), shards.size(), open, objects, bytes, knownObjects));
        return new Pushed.Added(knownObjects);
    }

    private static Optional<String> disorder(List<KeyRange> ranges) {
        for (int i = 1; i < ranges.size(); i++) {
            if (KeyOrder.compare(ranges.get(i - 1).lastKey(), ranges.get(i).firstKey()) >= 0) {
                return Optional.of("ranges are out of order or overlap, at number " + i + " of the push");
            }
        }
        return Optional.empty();
    }

    /// Marks that no range is left. Safe to do again.
    ///
    /// @param unlistable paths of entries that could not be listed; [UnlistableEntries#NAMED] at most
    /// @param unlistableCount all of them: they count as inconclusive
    /// @return the listing; empty where it is not open
    public Optional<Listing> finish(ListingId id, List<String> unlistable, long unlistableCount) {
        Optional<Listing> finished = database.transaction(handle -> {
            Optional<Listing> listing = PostgresListings.lock(handle, id);
            if (listing.isEmpty() || listing.get().state() == ListingState.ABANDONED) {
                return Optional.empty();
            }
            if (listing.get().state() == ListingState.LISTING) {
                ListingState state =
                        listing.get().intake().shardsOpen() == 0 ? ListingState.COMPLETE : ListingState.LISTED;
                PostgresListings.finish(handle, id, state, unlistable.toArray(String[]::new), unlistableCount);
                UnlistableEntries.replace(handle, listing.get().storage(), id, unlistable, time.now());
            }
            return PostgresListings.find(handle, id);
        });
        finished.ifPresent(listing -> {
            if (listing.state() == ListingState.COMPLETE) {
                completed(listing);
            } else {
                grown(listing);
            }
        });
        return finished;
    }

    /// A listing by its id.
    public Optional<Listing> find(ListingId id) {
        return database.transaction(handle -> PostgresListings.find(handle, id));
    }

    /// All that are open, oldest first.
    public List<Listing> open() {
        return database.transaction(PostgresListings::allOpen);
    }

    /// Adds what reports have brought, within their transaction.
    ///
    /// @param shardsOver shards of which every object is ruled now
    /// @return the listing as it is then; where it is complete, [#completed] is due after the commit
    public static Listing add(Handle handle, ListingId id, int shardsOver, ListingCounts counts) {
        return PostgresListings.add(handle, id, shardsOver, counts);
    }

    /// Adds follow-ups to an open listing, within the transaction of the report that they come out of: before
    /// that report is counted by [#add].
    public static void follow(Handle handle, ListingId id, List<FollowUp> made) {
        FollowUps.add(handle, id, FollowUp.FIRST + PostgresListings.addFollowUps(handle, id, made.size()), made);
    }

    /// Those that are open, out of some: leases of others are void.
    ///
    /// @param locking they stay open until this transaction ends
    public static Set<ListingId> openAmong(Handle handle, Collection<ListingId> ids, boolean locking) {
        return PostgresListings.openAmong(handle, ids, locking);
    }

    /// Listings of an epoch whose scores are kept, oldest first.
    ///
    /// @param since only those that may have got some since
    public static List<ListingId> scored(Handle handle, Digest epoch, Horizon since) {
        return PostgresListings.scored(handle, epoch, since);
    }

    /// Ends a complete listing, and drops the shards of those that it supersedes. Where a reader holds on to
    /// them, they are dropped the next time.
    public void completed(Listing listing) {
        ended(listing.id());
        List<Listing> earlier = database.transaction(handle -> PostgresListings.undropped(handle, listing));
        for (Listing old : earlier) {
            if (!ListingRules.supersedes(listing, old)) {
                continue;
            }
            drop(old, listing.epoch());
        }
        database.useTransaction(handle -> OverruledKeys.prune(handle, listing.storage()));
    }

    /// @param epoch whose scores stay: what is known by them was not scored again
    private void drop(Listing old, Digest epoch) {
        try {
            database.useTransaction(handle -> {
                handle.execute("set local lock_timeout = '2s'");
                ShardStore.dropShards(handle, old.id());
                if (!old.epoch().equals(epoch) || !ShardStore.scored(handle, old.id())) {
                    ShardStore.dropScores(handle, old.id());
                    PostgresListings.setScoresDropped(handle, old.id());
                }
                PostgresListings.setDropped(handle, old.id());
            });
        } catch (JdbiException e) {
            LOG.warn(
                    "listing {}: its shards cannot be dropped now, as something still reads them; a later listing of"
                            + " storage {} tries again",
                    old.id(),
                    old.storage());
        }
    }

    private static Listing require(Handle handle, ListingId id) {
        return PostgresListings.find(handle, id)
                .orElseThrow(() -> new IllegalStateException("listing " + id + " was just made and is not there"));
    }
}
