package org.picket.coordinator.finding;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.policy.Fuses;
import org.picket.coordinator.ruling.FlagWindow;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

/// The flood fuse in SQL. Batches of rulings are only ever added, so that shards ruled at once do not wait for
/// each other; what lies behind the window goes when a new flag is weighed.
final class PostgresFuse {
    /// Batches that are looked back on: some 260,000 objects in the smallest segments.
    static final int WINDOW_BATCHES = 4_096;

    private static final int FORGET_EVERY = 256;

    private PostgresFuse() {}

    static void add(Handle handle, List<Ruled> all) {
        handle
                .createQuery("""
                        INSERT INTO flood_window (storage_id, ruled, flagged, policy_epoch)
                        SELECT storage, ruled, flagged, decode(epoch, 'hex') FROM
                            unnest(:storages::bigint[], :ruled::integer[], :flagged::integer[], :epochs::text[])
                                AS batch (storage, ruled, flagged, epoch)
                        RETURNING flood_window_id, storage_id
                        """)
                .bindArray(
                        "storages",
                        Long.class,
                        all.stream().map(one -> one.context().storage().value()).toArray())
                .bindArray(
                        "ruled",
                        Integer.class,
                        all.stream().map(one -> one.rulings().ruled()).toArray())
                .bindArray(
                        "flagged",
                        Integer.class,
                        all.stream().map(one -> one.rulings().flagged().size()).toArray())
                .bindArray(
                        "epochs",
                        String.class,
                        all.stream().map(one -> one.context().epoch().hex()).toArray())
                .map((row, _) -> Map.entry(row.getLong(1), new StorageId(row.getLong(2))))
                .list()
                .stream()
                .filter(added -> added.getKey() % FORGET_EVERY == 0)
                .map(Map.Entry::getValue)
                .distinct()
                .forEach(storage -> forget(handle, storage));
    }

    /// Where nothing is flagged, nothing is weighed: what no window reaches back to goes all the same.
    private static void forget(Handle handle, StorageId storage) {
        handle.createUpdate("""
                        DELETE FROM flood_window WHERE storage_id = :storage AND flood_window_id <= (
                            SELECT flood_window_id FROM flood_window WHERE storage_id = :storage
                            ORDER BY flood_window_id DESC OFFSET :kept LIMIT 1)
                        """)
                .bind("storage", storage.value())
                .bind("kept", WINDOW_BATCHES)
                .execute();
    }

    private record Numbered(long id, FlagWindow.Batch batch) {}

    /// Rulings under one epoch, and those of which it is not known.
    static FlagWindow window(Handle handle, StorageId storage, Digest epoch, Fuses fuses) {
        List<Numbered> newest = handle.createQuery("""
                        SELECT flood_window_id, ruled, flagged FROM flood_window WHERE storage_id = :storage
                            AND (policy_epoch = :epoch OR policy_epoch IS NULL)
                        ORDER BY flood_window_id DESC LIMIT :limit
                        """)
                .bind("storage", storage.value())
                .bind("epoch", epoch.toByteArray())
                .bind("limit", WINDOW_BATCHES)
                .map((row, _) -> new Numbered(
                        row.getLong("flood_window_id"),
                        new FlagWindow.Batch(row.getInt("ruled"), row.getInt("flagged"))))
                .list();
        List<FlagWindow.Batch> batches = new ArrayList<>();
        long ruled = 0;
        for (Numbered one : newest) {
            if (ruled >= fuses.window()) {
                forget(handle, storage, one.id());
                break;
            }
            ruled += one.batch().ruled();
            batches.addFirst(one.batch());
        }
        return new FlagWindow(batches);
    }

    private static void forget(Handle handle, StorageId storage, long upTo) {
        handle.createUpdate("DELETE FROM flood_window WHERE storage_id = :storage AND flood_window_id <= :id")
                .bind("storage", storage.value())
                .bind("id", upTo)
                .execute();
    }

    static Optional<String> tripped(Handle handle, StorageId storage) {
        return handle.createQuery("SELECT reason FROM flood_trip WHERE storage_id = :storage")
                .bind("storage", storage.value())
                .mapTo(String.class)
                .findOne();
    }

    /// Why the fuse would have tripped under an epoch, where it would have.
    static Optional<String> seen(Handle handle, StorageId storage, Digest epoch) {
        return handle.createQuery("SELECT reason FROM flood_seen WHERE storage_id = :storage AND policy_epoch = :epoch")
                .bind("storage", storage.value())
                .bind("epoch", epoch.toByteArray())
                .mapTo(String.class)
                .findOne();
    }

    static void see(Handle handle, StorageId storage, Digest epoch, String reason, Instant now) {
        handle.createUpdate("""
                        INSERT INTO flood_seen (storage_id, policy_epoch, reason, seen)
                        VALUES (:storage, :epoch, :reason, :now) ON CONFLICT DO NOTHING
                        """)
                .bind("storage", storage.value())
                .bind("epoch", epoch.toByteArray())
                .bind("reason", reason)
                .bind("now", now)
                .execute();
    }

    static void trip(Handle handle, StorageId storage, String reason, Instant now) {
        handle.createUpdate("""
                        INSERT INTO flood_trip (storage_id, reason, tripped) VALUES (:storage, :reason, :now)
                        ON CONFLICT DO NOTHING
                        """)
                .bind("storage", storage.value())
                .bind("reason", reason)
                .bind("now", now)
                .execute();
    }

    /// A person has looked: the fuse begins anew.
    static void reset(Handle handle, StorageId storage) {
        handle.execute("DELETE FROM flood_trip WHERE storage_id = ?", storage.value());
        handle.execute("DELETE FROM flood_window WHERE storage_id = ?", storage.value());
        handle.execute("DELETE FROM flood_seen WHERE storage_id = ?", storage.value());
    }
}
