package org.picket.coordinator.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.DatabaseFault;
import org.picket.coordinator.listing.Listings;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.coordinator.shard.RuledPast;
import org.picket.coordinator.shard.ShardKey;
import org.picket.coordinator.shard.ShardState;
import org.picket.coordinator.shard.ShardStore;
import org.picket.proto.id.LeaseId;
import org.picket.proto.id.ListingId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes shards from the database for this term, and gives back what leases leave.
///
/// What is to be given back waits in memory until it is written: the leases that live bound it, and where the
/// database is away it is tried again by each sweep. A shard that stays leased there under a term that lives would
/// never be leased again.
public final class Claims {
    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

    /// Shards given back in one transaction.
    private static final int BATCH = 64;

    private final Database database;
    private final Function<Handle, OptionalLong> term;
    private final Supplier<LeaseId> ids;
    private final ConcurrentLinkedQueue<Back> backlog = new ConcurrentLinkedQueue<>();

    private final ConcurrentLinkedQueue<Doubtful> doubtful = new ConcurrentLinkedQueue<>();

    private record Back(ClaimedShard shard, ShardStore.Change change, boolean unsupplied) {}

    /// Leases that were made for a claim that failed.
    private record Doubtful(ListingId listing, List<LeaseId> leases) {}

    /// @param term of this coordinator, where it has not ended, as the transaction sees it
    /// @param ids makes lease ids
    public Claims(Database database, Function<Handle, OptionalLong> term, Supplier<LeaseId> ids) {
        this.database = database;
        this.term = term;
        this.ids = ids;
    }

    List<ClaimedShard> claimNext(ListingId listing, int after, int limit) {
        return claim(listing, (handle, own, made) -> ShardStore.claimNext(handle, listing, after, limit, own, made));
    }

    /// Follow-ups that wait for one further bundle.
    List<ClaimedShard> claimFollowUps(ListingId listing, int bundle, int after, int limit) {
        return claim(
                listing,
                (handle, own, made) ->
                        ShardStore.claimFollowUps(handle, new ShardKey(listing, after), bundle, limit, own, made));
    }

    List<ClaimedShard> claim(ListingId listing, List<Integer> numbers) {
        return claim(listing, (handle, own, made) -> ShardStore.claim(handle, listing, numbers, own, made));
    }

    private interface Claiming {
        List<ClaimedShard> in(Handle handle, long own, Supplier<LeaseId> made);
    }

    /// A claim whose end is not known may have been written all the same: it is given back with the next [#flush],
    /// since nobody would ever lease it.
    private List<ClaimedShard> claim(ListingId listing, Claiming claiming) {
        List<LeaseId> made = new ArrayList<>();
        try {
            return database.transaction(handle -> {
                OptionalLong own = term.apply(handle);
                return own.isPresent() && !over(handle, listing)
                        ? claiming.in(handle, own.getAsLong(), () -> {
                            made.add(ids.get());
                            return made.getLast();
                        })
                        : List.of();
            });
        } catch (RuntimeException e) {
            if (!made.isEmpty()) {
                doubtful.add(new Doubtful(listing, List.copyOf(made)));
            }
            throw e;
        }
    }

    /// Another coordinator may have ended it, and dropped its shards.
    private static boolean over(Handle handle, ListingId listing) {
        return Listings.openAmong(handle, List.of(listing), false).isEmpty();
    }

    /// Gives back what was claimed and not leased, with the next [#flush].
    void unclaim(List<ClaimedShard> shards) {
        shards.forEach(shard -> giveBack(shard, new ShardState.Open(shard.trial()), shard.past(), false));
    }

    /// Gives back what is leased no more, with the next [#flush].
    ///
    /// @param state afterwards
    /// @param past what is ruled of it
    /// @param unsupplied its lease got nothing from the crawler
    void giveBack(ClaimedShard shard, ShardState state, RuledPast past, boolean unsupplied) {
        backlog.add(new Back(
                shard,
                new ShardStore.Change(shard.key(), shard.fence(), state, past.ruled(), past, false),
                unsupplied));
    }

    /// Shards of a listing that is over may be there no more, and nobody asks for them. One of which more is
    /// ruled there than is known here, as after a report whose answer was lost, is opened as it stands.
    ///
    /// @return those of open listings
    private static List<Back> giveBack(Handle handle, List<Back> batch) {
        Set<ListingId> open = Listings.openAmong(
                handle, batch.stream().map(back -> back.shard().key().listing()).collect(Collectors.toSet()), false);
        List<Back> present = batch.stream()
                .filter(back -> open.contains(back.shard().key().listing()))
                .toList();
        boolean[] changed =
                ShardStore.change(handle, present.stream().map(Back::change).toList());
        for (int i = 0; i < changed.length; i++) {
            if (!changed[i]) {
                ClaimedShard shard = present.get(i).shard();
                ShardStore.reopen(handle, shard.key(), shard.fence());
            }
        }
        return present;
    }

    private void settleDoubtful(Feeds feeds) {
        for (Doubtful next = doubtful.peek(); next != null; next = doubtful.peek()) {
            Doubtful claim = next;
            try {
                int written = database.transaction(handle ->
                        over(handle, claim.listing()) ? 0 : ShardStore.reopen(handle, claim.listing(), claim.leases()));
                LOG.info("{} shards of a claim that failed are open again", written);
            } catch (RuntimeException e) {
                LOG.warn("whether a claim was written cannot be told now: {}", DatabaseFault.of(e));
                return;
            }
            // This one and no other: whoever flushes beside this may have been quicker.
            doubtful.remove(claim);
            // Whoever looked for shards meanwhile found none.
            feeds.reopened(claim.listing());
        }
    }

    /// Writes what waits to be given back.
    void flush(Feeds feeds) {
        settleDoubtful(feeds);
        while (true) {
            List<Back> batch = new ArrayList<>();
            Optional.ofNullable(backlog.poll()).ifPresent(batch::add);
            while (!batch.isEmpty() && batch.size() < BATCH && !backlog.isEmpty()) {
                Optional.ofNullable(backlog.poll()).ifPresent(batch::add);
            }
            if (batch.isEmpty()) {
                return;
            }
            List<Back> opened;
            try {
                opened = database.transaction(handle -> giveBack(handle, batch));
            } catch (RuntimeException e) {
                backlog.addAll(batch);
                LOG.warn("{} shards cannot be given back now and wait: {}", batch.size(), DatabaseFault.of(e));
                return;
            }
            opened.forEach(back -> feeds.opened(back.shard(), back.unsupplied()));
        }
    }
}
