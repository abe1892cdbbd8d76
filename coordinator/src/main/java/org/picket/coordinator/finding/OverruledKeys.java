package org.picket.coordinator.finding;

import java.util.NavigableSet;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.StorageId;
import org.picket.proto.key.KeyOrder;
import org.picket.proto.seal.Digest;

/// Where a later listing found otherwise than an earlier one: under another policy, or because another object was at
/// the key for a while. What such a ruling wrote over is lost, so that what the earlier listing says of the key cannot
/// be taken for known.
public final class OverruledKeys {
    private OverruledKeys() {}

    /// Keys between two others, both included, in key order: of findings that were closed, and of inconclusive
    /// objects that were forgotten, since; and of those that stand as another epoch had them.
    ///
    /// One listing of a storage is open at a time, so what was closed since the next one began was closed by a
    /// later one.
    ///
    /// @param earlier the listing that may have found otherwise; not the storage's newest
    /// @param epoch under which that was
    public static NavigableSet<String> between(
            Handle handle, StorageId storage, String firstKey, String lastKey, ListingId earlier, Digest epoch) {
        NavigableSet<String> keys = new TreeSet<>(KeyOrder::compare);
        handle.createQuery("""
                        SELECT key FROM finding WHERE storage_id = :storage AND key >= :first AND key <= :last
                            AND NOT live AND state = 'SUPERSEDED' AND state_since >= (SELECT started_at FROM listing
                                WHERE storage_id = :storage AND id > :earlier ORDER BY id LIMIT 1)
                        UNION ALL
                        SELECT key FROM finding WHERE storage_id = :storage AND key >= :first AND key <= :last
                            AND live AND state IN ('OBSERVED', 'HELD', 'REFUSED', 'FAILED')
                            AND listing_id > :earlier AND policy_epoch <> :epoch
                        UNION ALL
                        SELECT key FROM forgotten_inconclusive
                            WHERE storage_id = :storage AND key >= :first AND key <= :last AND listing_id > :earlier
                        UNION ALL
                        SELECT object.key FROM inconclusive_object object JOIN listing ON listing.id = object.listing_id
                            WHERE object.storage_id = :storage AND object.key >= :first AND object.key <= :last
                                AND object.listing_id > :earlier AND listing.policy_epoch <> :epoch
                                AND object.version <> :unlistable
                        """)
                .bind("storage", storage.value())
                .bind("first", firstKey)
                .bind("last", lastKey)
                .bind("earlier", earlier.value())
                .bind("epoch", epoch.toByteArray())
                .bind("unlistable", UnlistableEntries.NO_VERSION)
                .mapTo(String.class)
                .forEach(keys::add);
        return keys;
    }

    /// Drops what no listing of the storage that still has its shards is older than.
    public static void prune(Handle handle, StorageId storage) {
        handle.createUpdate("""
                        DELETE FROM forgotten_inconclusive WHERE storage_id = :storage AND listing_id <= (
                            SELECT id FROM listing WHERE storage_id = :storage AND NOT dropped ORDER BY id LIMIT 1)
                        """).bind("storage", storage.value()).execute();
    }
}
