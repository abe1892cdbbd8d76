package org.picket.coordinator.finding;

import java.util.List;
import java.util.function.BiPredicate;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.ruling.Ruling;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

/// Findings about which nothing was done, in SQL: observed, refused or failed, and not INCONCLUSIVE or allowed by
/// now. Every method runs in the caller's transaction.
final class PostgresUndone {
    private static final String UNDONE = " FROM finding WHERE storage_id = :storage AND policy_epoch = :epoch"
            + " AND state IN ('OBSERVED', 'REFUSED', 'FAILED')" + PostgresFindings.CONCLUSIVE
            // The order for a copy of what was released was refused for that.
            + " AND NOT EXISTS (SELECT FROM storage JOIN allowlist ON allowlist.site_id = storage.site_id"
            + " WHERE storage.id = finding.storage_id AND allowlist.sha256 = finding.sha256)";

    private PostgresUndone() {}

    /// A page of what nothing was done about under an epoch; locked.
    static List<StoredFinding> page(Handle handle, StorageId storage, Digest epoch, long afterId, int limit) {
        return handle.createQuery("SELECT " + PostgresFindings.COLUMNS + UNDONE
                        + " AND finding_id > :after ORDER BY finding_id LIMIT :limit FOR UPDATE OF finding")
                .bind("storage", storage.value())
                .bind("epoch", epoch.toByteArray())
                .bind("after", afterId)
                .bind("limit", limit)
                .map(PostgresFindings::read)
                .list();
    }

    /// How much of what nothing was done about fits, all pages together.
    static long count(Handle handle, StorageId storage, Digest epoch, BiPredicate<String, Ruling.Flagged.By> fits) {
        return handle
                .createQuery("SELECT rule_id, basis_kind, count(*) AS findings" + UNDONE + " GROUP BY 1, 2")
                .bind("storage", storage.value())
                .bind("epoch", epoch.toByteArray())
                .map((row, _) ->
                        fits.test(row.getString(1), Ruling.Flagged.By.valueOf(row.getString(2))) ? row.getLong(3) : 0)
                .list()
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /// Objects that were ruled on under an epoch, those among them that were known: of its largest listing, so that
    /// listing the same ones again makes none of them rarer.
    static long ruled(Handle handle, StorageId storage, Digest epoch) {
        return handle.createQuery("SELECT coalesce(max(listed - inconclusive - gone), 0) FROM listing"
                        + " WHERE storage_id = :storage AND policy_epoch = :epoch")
                .bind("storage", storage.value())
                .bind("epoch", epoch.toByteArray())
                .mapTo(Long.class)
                .one();
    }

    /// Places of one content that findings speak for.
    static long places(Handle handle, StorageId storage, Digest sha256) {
        return handle.createQuery(
                        "SELECT count(*) FROM finding WHERE sha256 = :sha256 AND storage_id = :storage AND live")
                .bind("sha256", sha256.toByteArray())
                .bind("storage", storage.value())
                .mapTo(Long.class)
                .one();
    }
}
