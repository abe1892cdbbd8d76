package org.picket.coordinator.finding;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.picket.coordinator.policy.Fuses;
import org.picket.coordinator.ruling.FlagWindow;
import org.picket.proto.id.StorageId;

/// The flood fuse in SQL. Batches of rulings are only ever added, so that shards ruled at once do not wait for
/// each other; what lies behind the window goes when a new flag is weighed.
final class PostgresFuse {
    /// Batches that are looked back on: some 260,000 objects in the smallest segments.
    static final int WINDOW_BATCHES = 4_096;

    private PostgresFuse() {}

    static void add(Handle handle, List<Ruled> all) {
        if (all.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(
                "INSERT INTO flood_window (storage_id, ruled, flagged) VALUES (:storage, :ruled, :flagged)");
        for (Ruled one : all) {
            batch.bind("storage", one.context().storage().value())
                    .bind("ruled", one.rulings().ruled())
                    .bind("flagged", one.rulings().flagged().size())
                    .add();
        }
        batch.execute();
    }

    private record Numbered(long id, FlagWindow.Batch batch) {}

    static FlagWindow window(Handle handle, StorageId storage, Fuses fuses) {
        List<Numbered> newest = handle.createQuery("""
                        SELECT flood_window_id, ruled, flagged FROM flood_window WHERE storage_id = :storage
                        ORDER BY flood_window_id DESC LIMIT :limit
                        """)
                .bind("storage", storage.value())
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
    }
}
