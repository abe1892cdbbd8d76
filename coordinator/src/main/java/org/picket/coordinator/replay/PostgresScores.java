package org.picket.coordinator.replay;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.ruling.Ruling;
import org.picket.coordinator.site.Sites;
import org.picket.coordinator.site.TermsText;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

/// Stored scores and what they belong to, in SQL. Reads only; each method runs in its caller's transaction.
final class PostgresScores {
    private static final int FINDINGS_A_PAGE = 1_000;

    private static final Sites SITES = new Sites();

    private PostgresScores() {}

    /// A storage with its present terms.
    record TermedStorage(StorageId id, String identity, TermsText terms) {}

    /// What the newest listing of a storage under an epoch counts.
    ///
    /// @param complete whether it has come to its end
    record Listed(long objects, long inconclusive, boolean complete) {}

    /// A finding with what explains it.
    ///
    /// @param scores encoded; empty where none are kept
    record ScoredFinding(
            FindingId id,
            String category,
            String rule,
            Ruling.Flagged.By by,
            Digest epoch,
            byte[] scores,
            TermedStorage storage) {}

    /// All that have terms.
    static List<TermedStorage> storages(Handle handle) {
        List<Map.Entry<StorageId, String>> all = handle.createQuery("SELECT id, identity FROM storage ORDER BY id")
                .map((row, _) -> Map.entry(new StorageId(row.getLong("id")), row.getString("identity")))
                .list();
        return all.stream()
                .flatMap(storage -> termed(handle, storage.getKey(), storage.getValue()).stream())
                .toList();
    }

    private static Optional<TermedStorage> termed(Handle handle, StorageId id, String identity) {
        return SITES.terms(handle, id).map(terms -> new TermedStorage(id, identity, terms));
    }

    /// Listings whose scores are kept, oldest first.
    static List<ListingId> listings(Handle handle, StorageId storage, Digest epoch) {
        return handle.createQuery("""
                        SELECT id FROM listing
                         WHERE storage_id = :storage AND policy_epoch = :epoch AND NOT scores_dropped ORDER BY id
                        """)
                .bind("storage", storage.value())
                .bind("epoch", epoch.toByteArray())
                .map((row, _) -> new ListingId(row.getLong(1)))
                .list();
    }

    static Optional<Listed> newest(Handle handle, StorageId storage, Digest epoch) {
        return handle.createQuery("""
                        SELECT listed, inconclusive, state = 2 AS complete FROM listing
                         WHERE storage_id = :storage AND policy_epoch = :epoch AND since_millis < 0
                         ORDER BY id DESC LIMIT 1
                        """)
                .bind("storage", storage.value())
                .bind("epoch", epoch.toByteArray())
                .map((row, _) ->
                        new Listed(row.getLong("listed"), row.getLong("inconclusive"), row.getBoolean("complete")))
                .findOne();
    }

    /// A finding; one of known content with the scores of the copy that was scored, at the same site.
    static Optional<ScoredFinding> finding(Handle handle, FindingId id) {
        return handle.createQuery("""
                        SELECT category, rule_id, basis_kind, policy_epoch, storage.id, identity,
                               CASE WHEN basis_kind = 'KNOWN_CONTENT' THEN coalesce((
                                   SELECT copy.scores FROM finding copy JOIN storage other ON other.id = copy.storage_id
                                    WHERE copy.sha256 = finding.sha256 AND copy.policy_epoch = finding.policy_epoch
                                      AND other.site_id = storage.site_id AND copy.scores <> ''::bytea LIMIT 1
                               ), ''::bytea) ELSE scores END AS kept
                          FROM finding JOIN storage ON storage.id = finding.storage_id
                         WHERE finding_id = :id
                        """)
                .bind("id", id.value())
                .map((row, _) -> new Row(
                        row.getString("category"),
                        row.getString("rule_id"),
                        Ruling.Flagged.By.valueOf(row.getString("basis_kind")),
                        Digest.wrap(row.getBytes("policy_epoch")),
                        row.getBytes("kept"),
                        new StorageId(row.getLong("id")),
                        row.getString("identity")))
                .findOne()
                .flatMap(row -> termed(handle, row.storage(), row.identity())
                        .map(storage -> new ScoredFinding(
                                id, row.category(), row.rule(), row.by(), row.epoch(), row.scores(), storage)));
    }

    private record Row(
            String category,
            String rule,
            Ruling.Flagged.By by,
            Digest epoch,
            byte[] scores,
            StorageId storage,
            String identity) {}

    /// Findings that stand, with their own scores.
    static void findings(Handle handle, StorageId storage, Digest epoch, Consumer<FindingScores> each) {
        try (var rows = handle
                .createQuery("""
                        SELECT finding_id, category, rule_id, basis_kind, sha256, scores FROM finding
                         WHERE storage_id = :storage AND policy_epoch = :epoch AND live ORDER BY finding_id
                        """)
                .bind("storage", storage.value())
                .bind("epoch", epoch.toByteArray())
                .setFetchSize(FINDINGS_A_PAGE)
                .map((row, _) -> new FindingScores(
                        new FindingId(row.getLong("finding_id")),
                        row.getString("category"),
                        row.getString("rule_id"),
                        Ruling.Flagged.By.valueOf(row.getString("basis_kind")),
                        Digest.wrap(row.getBytes("sha256")),
                        row.getBytes("scores")))
                .stream()) {
            rows.forEach(each);
        }
    }

    /// A finding with what it rests on.
    ///
    /// @param scores encoded; empty where there are none
    record FindingScores(
            FindingId id, String category, String rule, Ruling.Flagged.By by, Digest sha256, byte[] scores) {}
}
