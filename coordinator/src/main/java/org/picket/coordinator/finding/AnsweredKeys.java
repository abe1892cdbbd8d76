package org.picket.coordinator.finding;

import java.time.Instant;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.picket.proto.id.StorageId;
import org.picket.proto.key.KeyOrder;

/// Where a storage has answered an order, whatever it answered. A listing that shows such a place as it was before
/// the answer shows something that should not be there: the order was refused or failed, or what was removed has
/// come back with its old version, as when a file system is rolled back.
public final class AnsweredKeys {
    private AnsweredKeys() {}

    /// Keys between two others, both included, in key order.
    ///
    /// @param since answers that came no earlier
    public static NavigableSet<String> between(
            Handle handle, StorageId storage, String firstKey, String lastKey, Instant since) {
        NavigableSet<String> keys = new TreeSet<>(KeyOrder::compare);
        handle.createQuery("""
                        SELECT key FROM finding WHERE storage_id = :storage AND key >= :first AND key <= :last
                            AND live AND state IN ('REFUSED', 'FAILED') AND state_since >= :since
                        UNION ALL
                        SELECT key FROM finding WHERE storage_id = :storage AND key >= :first AND key <= :last
                            AND NOT live AND state IN ('QUARANTINED', 'PURGED', 'GONE') AND state_since >= :since
                        """)
                .bind("storage", storage.value())
                .bind("first", firstKey)
                .bind("last", lastKey)
                .bind("since", since)
                .mapTo(String.class)
                .forEach(keys::add);
        return keys;
    }
}
