package org.picket.coordinator.listing;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.picket.coordinator.database.Horizon;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

/// Listings in PostgreSQL. Each method runs in its caller's transaction.
final class PostgresListings {
    private static final String COLUMNS = """
            id, storage_id, policy_epoch, since_millis, started_at, state, cursor_key, shards, shards_open,
            listed_bytes, unlistable_count, listed, known, cleared, flagged, inconclusive, gone, views, bytes, follow_ups
            """;
    private static final String SELECT = "select " + COLUMNS + " from listing\n";

    private static final RowMapper<Listing> LISTING = (row, context) -> new Listing(
            new ListingId(row.getLong(1)),
            new StorageId(row.getLong(2)),
            Digest.wrap(row.getBytes(3)),
            new Listing.Scope(
                    row.getLong(4) < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(row.getLong(4))),
                    row.getTimestamp(5).toInstant()),
            ListingState.ofCode(row.getInt(6)),
            new Listing.Intake(
                    row.getString(7), row.getInt(8), row.getInt(9), row.getLong(10), row.getLong(11), row.getInt(20)),
            new ListingCounts(
                    row.getLong(12),
                    row.getLong(13),
                    row.getLong(14),
                    row.getLong(15),
                    row.getLong(16),
                    row.getLong(17),
                    new ListingCounts.Work(row.getLong(18), row.getLong(19))));

    private PostgresListings() {}

    static ListingId insert(Handle handle, StorageTerms terms, Optional<Duration> since, Instant startedAt) {
        return handle.createQuery("""
                        insert into listing (storage_id, policy_epoch, list_set, since_millis, started_at)
                        values (:storage, :epoch, :list_set, :since, :started_at) returning id
                        """)
                .bind("storage", terms.storage().value())
                .bind("epoch", terms.epoch().toByteArray())
                .bind("list_set", terms.matching().lists().number())
                .bind("since", since.map(Duration::toMillis).orElse(-1L))
                .bind("started_at", startedAt)
                .map((row, context) -> new ListingId(row.getLong(1)))
                .one();
    }

    static Optional<Listing> find(Handle handle, ListingId id) {
        return handle.createQuery(SELECT + " where id = :id")
                .bind("id", id.value())
                .map(LISTING)
                .findOne();
    }

    static Optional<Listing> lock(Handle handle, ListingId id) {
        return handle.createQuery(SELECT + " where id = :id for update")
                .bind("id", id.value())
                .map(LISTING)
                .findOne();
    }

    /// Makes those take turns that begin listings of one storage.
    static void lockStorage(Handle handle, StorageId storage) {
        handle.execute("select pg_advisory_xact_lock(hashtextextended('picket listing', ?))", storage.value());
    }

    static List<Listing> open(Handle handle, StorageId storage) {
        return handle.createQuery(SELECT + " where storage_id = :storage and state in (0, 1) order by id for update")
                .bind("storage", storage.value())
                .map(LISTING)
                .list();
    }

    static List<Listing> allOpen(Handle handle) {
        return handle.createQuery(SELECT + " where state in (0, 1) order by id")
                .map(LISTING)
                .list();
    }

    /// Those that are open, out of some.
    ///
    /// @param locking stay open until this transaction ends; locks are taken in one order
    static Set<ListingId> openAmong(Handle handle, Collection<ListingId> ids, boolean locking) {
        return handle.createQuery("select id from listing where id = any(:ids) and state in (0, 1) order by id"
                        + (locking ? " for no key update" : ""))
                .bindArray("ids", Long.class, ids.stream().map(ListingId::value).toArray())
                .map((row, context) -> new ListingId(row.getLong(1)))
                .collect(Collectors.toSet());
    }

    /// Listings of the same storage and epoch that still have their shards, newest first.
    ///
    /// @param set of hash lists with which they were matched at least
    static List<Listing> earlier(Handle handle, Listing listing, long set, int limit) {
        return handle.createQuery(SELECT + """
                         where storage_id = :storage and id < :id and policy_epoch = :epoch and not dropped
                           and list_set >= :list_set
                         order by id desc limit :limit
                        """)
                .bind("storage", listing.storage().value())
                .bind("id", listing.id().value())
                .bind("epoch", listing.epoch().toByteArray())
                .bind("list_set", set)
                .bind("limit", limit)
                .map(LISTING)
                .list();
    }

    /// All earlier ones of the storage that still have their shards.
    static List<Listing> undropped(Handle handle, Listing listing) {
        return handle.createQuery(SELECT + " where storage_id = :storage and id < :id and not dropped order by id")
                .bind("storage", listing.storage().value())
                .bind("id", listing.id().value())
                .map(LISTING)
                .list();
    }

    /// Score blocks of superseded listings of one epoch stay, so all of them are named that ever had some. What keeps
    /// scores counts them in the listing's row, too.
    static List<ListingId> scored(Handle handle, Digest epoch, Horizon since) {
        return handle.createQuery("select id from listing where policy_epoch = :epoch and not scores_dropped and "
                        + Horizon.since("listing") + " order by id")
                .bind(Horizon.NAME, since.value())
                .bind("epoch", epoch.toByteArray())
                .map((row, context) -> new ListingId(row.getLong(1)))
                .list();
    }

    static void setScoresDropped(Handle handle, ListingId id) {
        handle.createUpdate("update listing set scores_dropped = true where id = :id")
                .bind("id", id.value())
                .execute();
    }

    static void setState(Handle handle, ListingId id, ListingState state) {
        handle.createUpdate("update listing set state = :state where id = :id")
                .bind("state", state.code())
                .bind("id", id.value())
                .execute();
    }

    static void setDropped(Handle handle, ListingId id) {
        handle.createUpdate("update listing set dropped = true where id = :id")
                .bind("id", id.value())
                .execute();
    }

    /// What one push adds.
    record Pushed(String cursorKey, int shards, int shardsOpen, long objects, long bytes, long known) {}

    static void push(Handle handle, ListingId id, Pushed pushed) {
        handle.createUpdate("""
                        update listing set cursor_key = :cursor_key, shards = shards + :shards,
                               shards_open = shards_open + :shards_open, listed = listed + :objects,
                               listed_bytes = listed_bytes + :bytes, known = known + :known
                         where id = :id
                        """)
                .bind("cursor_key", pushed.cursorKey())
                .bind("shards", pushed.shards())
                .bind("shards_open", pushed.shardsOpen())
                .bind("objects", pushed.objects())
                .bind("bytes", pushed.bytes())
                .bind("known", pushed.known())
                .bind("id", id.value())
                .execute();
    }

    /// Entries that could not be listed are there all the same: listed, and inconclusive.
    static void finish(Handle handle, ListingId id, ListingState state, String[] unlistable, long unlistableCount) {
        handle.createUpdate("""
                        update listing set state = :state, unlistable = :unlistable, unlistable_count = :count,
                               listed = listed + :count, inconclusive = inconclusive + :count
                         where id = :id
                        """)
                .bind("state", state.code())
                .bind("unlistable", unlistable)
                .bind("count", unlistableCount)
                .bind("id", id.value())
                .execute();
    }

    /// Adds what reports have brought to an open listing, and completes one of which no shard is open any more.
    static Listing add(Handle handle, ListingId id, int shardsOver, ListingCounts counts) {
        return handle.createQuery("""
                        update listing set shards_open = shards_open - :over, listed = listed + :listed,
                               known = known + :known, cleared = cleared + :cleared, flagged = flagged + :flagged,
                               inconclusive = inconclusive + :inconclusive, gone = gone + :gone,
                               views = views + :views, bytes = bytes + :bytes,
                               state = case when state = 1 and shards_open = :over then 2 else state end
                         where id = :id and state in (0, 1) returning
                        """ + COLUMNS)
                .bind("over", shardsOver)
                .bind("listed", counts.listed())
                .bind("known", counts.known())
                .bind("cleared", counts.cleared())
                .bind("flagged", counts.flagged())
                .bind("inconclusive", counts.inconclusive())
                .bind("gone", counts.gone())
                .bind("views", counts.work().views())
                .bind("bytes", counts.work().bytes())
                .bind("id", id.value())
                .map(LISTING)
                .findOne()
                .orElseThrow(() -> new IllegalStateException("listing " + id + " is over: nothing is added to it"));
    }

    /// Numbers so many follow-ups of an open listing, which stays locked, and counts them as open shards.
    ///
    /// @return how many there were before
    static int addFollowUps(Handle handle, ListingId id, int count) {
        return handle.createQuery("""
                        update listing set follow_ups = follow_ups + :count, shards_open = shards_open + :count
                         where id = :id and state in (0, 1) returning follow_ups - :count
                        """)
                .bind("count", count)
                .bind("id", id.value())
                .mapTo(Integer.class)
                .findOne()
                .orElseThrow(() -> new IllegalStateException("listing " + id + " is over: nothing follows in it"));
    }
}
