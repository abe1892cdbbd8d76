package org.picket.coordinator.finding;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.InconclusiveReason;

/// Objects without a ruling on their content, in SQL: one row a key. Every method runs in the caller's
/// transaction.
final class PostgresInconclusive {
    private PostgresInconclusive() {}

    /// One row.
    ///
    /// @param id pages are read by it
    /// @param storage that holds the object
    /// @param object what could not be ruled on
    record Row(long id, StorageId storage, InconclusiveObject object) {}

    static List<String> keysBetween(Handle handle, StorageId storage, String firstKey, String lastKey) {
        return handle.createQuery("""
                        SELECT key FROM inconclusive_object
                        WHERE storage_id = :storage AND key >= :first AND key <= :last
                        """)
                .bind("storage", storage.value())
                .bind("first", firstKey)
                .bind("last", lastKey)
                .mapTo(String.class)
                .list();
    }

    /// Forgets what is at some keys, and notes which listing found so: see [OverruledKeys].
    static void forget(Handle handle, StorageId storage, ListingId listing, List<String> keys) {
        if (keys.isEmpty()) {
            return;
        }
        handle.createUpdate("""
                        WITH gone AS (
                            DELETE FROM inconclusive_object WHERE storage_id = :storage AND key = ANY(:keys) RETURNING key)
                        INSERT INTO forgotten_inconclusive (storage_id, key, listing_id)
                        SELECT :storage, key, :listing FROM gone ORDER BY key
                        ON CONFLICT (storage_id, key) DO UPDATE SET listing_id = excluded.listing_id
                        """)
                .bind("storage", storage.value())
                .bind("listing", listing.value())
                .bindArray("keys", String.class, keys.toArray())
                .execute();
    }

    static void deleteVersion(Handle handle, StorageId storage, String version) {
        handle.createUpdate("DELETE FROM inconclusive_object WHERE storage_id = :storage AND version = :version")
                .bind("storage", storage.value())
                .bind("version", version)
                .execute();
    }

    static void upsert(Handle handle, RulingContext context, List<InconclusiveObject> objects) {
        insert(handle, context.storage(), context.listing(), objects, """
                DO UPDATE SET listing_id = excluded.listing_id,
                    version = excluded.version, bytes = excluded.bytes, modified = excluded.modified,
                    reason = excluded.reason, detail = excluded.detail
                """);
    }

    /// Leaves what stands at a key already.
    static void insertMissing(Handle handle, StorageId storage, ListingId listing, List<InconclusiveObject> objects) {
        insert(handle, storage, listing, objects, "DO NOTHING");
    }

    private static void insert(
            Handle handle, StorageId storage, ListingId listing, List<InconclusiveObject> objects, String onConflict) {
        if (objects.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch("""
                INSERT INTO inconclusive_object
                    (storage_id, listing_id, key, version, bytes, modified, reason, detail)
                VALUES (:storage, :listing, :key, :version, :bytes, :modified, :reason, :detail)
                ON CONFLICT (storage_id, key)\s""" + onConflict);
        for (InconclusiveObject one : objects) {
            batch.bind("storage", storage.value())
                    .bind("listing", listing.value())
                    .bind("key", one.object().key())
                    .bind("version", one.object().version())
                    .bind("bytes", one.object().bytes())
                    .bind("modified", one.object().modified())
                    .bind("reason", one.reason().name())
                    .bind("detail", one.detail())
                    .add();
        }
        batch.execute();
    }

    /// Why objects of findings are INCONCLUSIVE now: of findings that speak for what is at their keys.
    static Map<FindingId, String> at(Handle handle, Collection<StoredFinding> findings) {
        Long[] live = findings.stream()
                .filter(finding -> finding.state().live())
                .map(finding -> finding.id().value())
                .toArray(Long[]::new);
        Map<FindingId, String> reasons = new HashMap<>();
        if (live.length > 0) {
            handle.createQuery("""
                            SELECT finding_id, reason FROM finding JOIN inconclusive_object object
                                ON object.storage_id = finding.storage_id AND object.key = finding.key
                            WHERE finding_id = ANY(:ids)
                            """)
                    .bindArray("ids", Long.class, (Object[]) live)
                    .map((row, _) -> reasons.put(new FindingId(row.getLong(1)), row.getString(2)))
                    .list();
        }
        return reasons;
    }

    static List<Row> page(Handle handle, Collection<StorageId> storages, long afterId, int limit) {
        return handle.createQuery("""
                        SELECT inconclusive_id, storage_id, key, version, bytes, modified, reason, detail
                        FROM inconclusive_object
                        WHERE storage_id = ANY(:storages) AND inconclusive_id > :after
                        ORDER BY inconclusive_id LIMIT :limit
                        """)
                .bindArray(
                        "storages",
                        Long.class,
                        storages.stream().map(StorageId::value).toArray())
                .bind("after", afterId)
                .bind("limit", limit)
                .map((row, _) -> new Row(
                        row.getLong("inconclusive_id"),
                        new StorageId(row.getLong("storage_id")),
                        new InconclusiveObject(
                                new ObjectReference(
                                        row.getString("key"),
                                        row.getString("version"),
                                        row.getLong("bytes"),
                                        row.getTimestamp("modified").toInstant()),
                                InconclusiveReason.valueOf(row.getString("reason")),
                                row.getString("detail"))))
                .list();
    }
}
