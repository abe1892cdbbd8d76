package org.picket.coordinator.finding;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;
import org.picket.coordinator.database.Horizon;
import org.picket.coordinator.ruling.Ruling;
import org.picket.coordinator.ruling.ScoreBlock;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.OrderId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

/// Findings in SQL. Every method runs in the caller's transaction.
final class PostgresFindings {
    static final String COLUMNS =
            "finding_id, storage_id, key, version, bytes, modified, sha256, category, rule_id, basis_kind, basis,"
                    + " policy_epoch, state, state_detail, quarantine_order, salt, revision";

    /// What is INCONCLUSIVE now is never removed.
    static final String CONCLUSIVE = " AND NOT EXISTS (SELECT FROM inconclusive_object other"
            + " WHERE other.storage_id = finding.storage_id AND other.key = finding.key)";

    private static final int FETCH_ROWS = 1_024;

    private PostgresFindings() {}

    /// What a new finding gets from the database.
    private record Numbered(FindingId id, StoredFinding.Attested attested) {}

    /// Findings that speak for what lies between two keys, both included; locked.
    static List<StoredFinding> liveBetween(Handle handle, StorageId storage, String firstKey, String lastKey) {
        return handle.createQuery("SELECT " + COLUMNS
                        + " FROM finding WHERE storage_id = :storage AND key >= :first AND key <= :last AND live"
                        + " ORDER BY finding_id FOR UPDATE")
                .bind("storage", storage.value())
                .bind("first", firstKey)
                .bind("last", lastKey)
                .map(PostgresFindings::read)
                .list();
    }

    /// For each list of rulings, whether anything stands between its keys.
    static List<Findings.Standing> standing(Handle handle, List<Ruled> all) {
        Findings.Standing[] standing = new Findings.Standing[all.size()];
        Arrays.fill(standing, new Findings.Standing(false, false));
        handle.createQuery("""
                        SELECT place, findings, inconclusive FROM (
                            SELECT place,
                                EXISTS (SELECT FROM finding WHERE storage_id = storage
                                    AND key >= first AND key <= last AND live) AS findings,
                                EXISTS (SELECT FROM inconclusive_object WHERE storage_id = storage
                                    AND key >= first AND key <= last) AS inconclusive
                            FROM unnest(:storages::bigint[], :firsts::text[], :lasts::text[])
                                WITH ORDINALITY AS span (storage, first, last, place)
                        ) AS standing WHERE findings OR inconclusive
                        """)
                .bindArray(
                        "storages",
                        Long.class,
                        all.stream().map(one -> one.context().storage().value()).toArray())
                .bindArray(
                        "firsts",
                        String.class,
                        all.stream().map(one -> one.rulings().firstKey()).toArray())
                .bindArray(
                        "lasts",
                        String.class,
                        all.stream().map(one -> one.rulings().lastKey()).toArray())
                .map((row, _) -> standing[row.getInt("place") - 1] =
                        new Findings.Standing(row.getBoolean("findings"), row.getBoolean("inconclusive")))
                .list();
        return List.of(standing);
    }

    static FindingCounts counts(Handle handle, ListingId listing) {
        return handle.createQuery("""
                        SELECT count(*) FILTER (WHERE state = 'QUARANTINED') AS quarantined,
                            count(*) FILTER (WHERE state = 'PURGED') AS purged,
                            count(*) FILTER (WHERE state = 'REFUSED') AS refused,
                            count(*) FILTER (WHERE state = 'FAILED') AS failed,
                            count(*) FILTER (WHERE state = 'HELD') AS held,
                            count(*) FILTER (WHERE state IN
                                ('QUARANTINE_ORDERED', 'RELEASE_ORDERED', 'PURGE_ORDERED')) AS ordered
                        FROM finding WHERE listing_id = :listing
                        """)
                .bind("listing", listing.value())
                .map((row, _) -> new FindingCounts(
                        row.getLong("quarantined"),
                        row.getLong("purged"),
                        row.getLong("refused"),
                        row.getLong("failed"),
                        row.getLong("held"),
                        row.getLong("ordered")))
                .one();
    }

    static List<StoredFinding> insert(
            Handle handle, RulingContext context, List<FlaggedObject> flagged, FindingState state) {
        if (flagged.isEmpty()) {
            return List.of();
        }
        List<Numbered> numbered = handle.createQuery("""
                        SELECT nextval(pg_get_serial_sequence('finding', 'finding_id')) AS id, gen_random_uuid() AS salt
                        FROM generate_series(1, :n)
                        """)
                .bind("n", flagged.size())
                .map((row, _) -> new Numbered(
                        new FindingId(row.getLong("id")),
                        new StoredFinding.Attested(row.getObject("salt", UUID.class), 1)))
                .list();
        List<StoredFinding> stored = new ArrayList<>(flagged.size());
        PreparedBatch batch = handle.prepareBatch("""
                INSERT INTO finding (finding_id, storage_id, listing_id, shard_id, key, version, bytes, modified, sha256,
                    category, rule_id, basis_kind, basis, policy_epoch, ruling_sequence, salt, revision, found, state, state_detail,
                    state_since, live, scores)
                VALUES (:id, :storage, :listing, :shard, :key, :version, :bytes, :modified, :sha256,
                    :category, :rule, :kind, :basis, :epoch, :sequence, :salt, 1, :now, :state, :detail, :now, :live, :scores)
                """);
        for (int i = 0; i < flagged.size(); i++) {
            FlaggedObject one = flagged.get(i);
            stored.add(new StoredFinding(
                    numbered.get(i).id(),
                    context.storage(),
                    one.object(),
                    one.sha256(),
                    one.ruling(),
                    context.epoch(),
                    new StoredFinding.Progress(
                            state, Optional.empty(), numbered.get(i).attested())));
            batch.bind("id", numbered.get(i).id().value())
                    .bind("storage", context.storage().value())
                    .bind("listing", context.listing().value())
                    .bind("shard", context.shard().value())
                    .bind("key", one.object().key())
                    .bind("version", one.object().version())
                    .bind("bytes", one.object().bytes())
                    .bind("modified", one.object().modified())
                    .bind("sha256", one.sha256().toByteArray())
                    .bind("category", one.ruling().category())
                    .bind("rule", one.ruling().ruleId())
                    .bind("kind", one.ruling().by().name())
                    .bind("basis", BasisBytes.of(one.ruling().basis()))
                    .bind("epoch", context.epoch().toByteArray())
                    .bind("sequence", context.rulingSequence())
                    .bind("salt", numbered.get(i).attested().salt())
                    .bind("now", context.now())
                    .bind("state", state.name())
                    .bind("detail", state.detail())
                    .bind("live", state.live())
                    .bind("scores", scores(one))
                    .add();
        }
        batch.execute();
        return stored;
    }

    /// Encoded; empty where it has none of its own.
    private static byte[] scores(FlaggedObject flagged) {
        return flagged.scores().map(ScoreBlock::encode).orElseGet(() -> new byte[0]);
    }

    /// The newest ruling on what a finding is about already.
    ///
    /// @param flagged as it is now
    static void ruleAgain(Handle handle, RulingContext context, StoredFinding finding, FlaggedObject flagged) {
        handle.createUpdate("""
                        UPDATE finding SET listing_id = :listing, shard_id = :shard, category = :category,
                            rule_id = :rule, basis_kind = :kind, basis = :basis, policy_epoch = :epoch,
                            ruling_sequence = :sequence, revision = :revision, scores = :scores
                        WHERE finding_id = :id
                        """)
                .bind("listing", context.listing().value())
                .bind("shard", context.shard().value())
                .bind("category", finding.ruling().category())
                .bind("rule", finding.ruling().ruleId())
                .bind("kind", finding.ruling().by().name())
                .bind("basis", BasisBytes.of(finding.ruling().basis()))
                .bind("epoch", context.epoch().toByteArray())
                .bind("sequence", context.rulingSequence())
                .bind("revision", finding.progress().attested().revision())
                .bind("scores", scores(flagged))
                .bind("id", finding.id().value())
                .execute();
    }

    static void become(Handle handle, Collection<FindingId> ids, FindingState state, Instant now) {
        if (ids.isEmpty()) {
            return;
        }
        handle.createUpdate("""
                        UPDATE finding SET state = :state, state_detail = :detail, state_since = :now, live = :live
                        WHERE finding_id = ANY(:ids)
                        """)
                .bind("state", state.name())
                .bind("detail", state.detail())
                .bind("now", now)
                .bind("live", state.live())
                .bindArray("ids", Long.class, ids.stream().map(FindingId::value).toArray())
                .execute();
    }

    static void quarantinedBy(Handle handle, FindingId id, OrderId order) {
        handle.createUpdate("UPDATE finding SET quarantine_order = :order WHERE finding_id = :id")
                .bind("order", order.value())
                .bind("id", id.value())
                .execute();
    }

    static Optional<StoredFinding> locked(Handle handle, FindingId id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM finding WHERE finding_id = :id FOR UPDATE")
                .bind("id", id.value())
                .map(PostgresFindings::read)
                .findOne();
    }

    static Optional<FindingEvidence> evidence(Handle handle, FindingId id) {
        return handle.createQuery("SELECT " + COLUMNS + ", ruling_sequence FROM finding WHERE finding_id = :id")
                .bind("id", id.value())
                .map((row, context) -> {
                    StoredFinding finding = read(row, context);
                    return new FindingEvidence(
                            finding,
                            finding.commitment(),
                            finding.progress().attested().revision(),
                            row.getLong("ruling_sequence"));
                })
                .findOne();
    }

    /// Those of the asked findings that lie in the storages, by id; locked.
    static List<StoredFinding> locked(Handle handle, Collection<StorageId> storages, Collection<FindingId> ids) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM finding WHERE finding_id = ANY(:ids)"
                        + " AND storage_id = ANY(:storages) ORDER BY finding_id FOR UPDATE")
                .bindArray("storages", Long.class, numbers(storages))
                .bindArray("ids", Long.class, ids.stream().map(FindingId::value).toArray())
                .map(PostgresFindings::read)
                .list();
    }

    /// A page of what waits for a person; locked.
    static List<StoredFinding> waiting(Handle handle, Collection<StorageId> storages, long afterId, int limit) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM finding WHERE storage_id = ANY(:storages)"
                        + " AND finding_id > :after AND state IN ('OBSERVED', 'HELD')" + CONCLUSIVE
                        + " ORDER BY finding_id LIMIT :limit FOR UPDATE")
                .bindArray("storages", Long.class, numbers(storages))
                .bind("after", afterId)
                .bind("limit", limit)
                .map(PostgresFindings::read)
                .list();
    }

    /// A page of findings, by id.
    static List<StoredFinding> page(Handle handle, Collection<StorageId> storages, long afterId, int limit) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM finding WHERE storage_id = ANY(:storages)"
                        + " AND finding_id > :after ORDER BY finding_id LIMIT :limit")
                .bindArray("storages", Long.class, numbers(storages))
                .bind("after", afterId)
                .bind("limit", limit)
                .map(PostgresFindings::read)
                .list();
    }

    /// Those of the asked findings that lie in the storages and come after an id, by id.
    static List<StoredFinding> page(Handle handle, Collection<StorageId> storages, long afterId, Collection<Long> ids) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM finding WHERE finding_id = ANY(:ids)"
                        + " AND storage_id = ANY(:storages) AND finding_id > :after ORDER BY finding_id")
                .bindArray("ids", Long.class, ids.toArray())
                .bindArray("storages", Long.class, numbers(storages))
                .bind("after", afterId)
                .map(PostgresFindings::read)
                .list();
    }

    private static Object[] numbers(Collection<StorageId> storages) {
        return storages.stream().map(StorageId::value).toArray();
    }

    /// Findings of one content that speak for what is at their keys; locked.
    static List<StoredFinding> liveOf(Handle handle, StorageId storage, Digest sha256) {
        return handle.createQuery(
                        "SELECT " + COLUMNS + " FROM finding WHERE sha256 = :sha256 AND storage_id = :storage AND live"
                                + " ORDER BY finding_id FOR UPDATE")
                .bind("sha256", sha256.toByteArray())
                .bind("storage", storage.value())
                .map(PostgresFindings::read)
                .list();
    }

    /// What is flagged under an epoch, of the contents asked. Content that was released, allowed or cleared
    /// since is not, nor what a list flagged, which is matched each time; of many copies one speaks for all.
    static Map<Digest, Ruling.Flagged> flagged(
            Handle handle, StorageId storage, Digest epoch, Collection<Digest> contents) {
        Map<Digest, Ruling.Flagged> found = new HashMap<>();
        handle.createQuery("SELECT " + COLUMNS
                        + " FROM unnest(:contents::text[]) AS asked (hex) CROSS JOIN LATERAL ("
                        + " SELECT * FROM finding WHERE sha256 = decode(hex, 'hex') AND policy_epoch = :epoch"
                        + " AND (storage_id = :storage OR storage_id IN (SELECT other.id FROM storage own"
                        + " JOIN storage other ON other.site_id = own.site_id WHERE own.id = :storage))"
                        + " AND basis_kind <> 'DENY_LIST'"
                        + " AND state NOT IN ('RELEASE_ORDERED', 'RELEASED', 'SUPERSEDED', 'ALLOWED') LIMIT 1) AS copy")
                .bindArray(
                        "contents",
                        String.class,
                        contents.stream().distinct().map(Digest::hex).toArray())
                .bind("epoch", epoch.toByteArray())
                .bind("storage", storage.value())
                .map(PostgresFindings::read)
                .forEach(finding -> found.put(
                        finding.sha256(),
                        new Ruling.Flagged(
                                finding.ruling().ruleId(),
                                finding.ruling().category(),
                                Ruling.Flagged.By.KNOWN_CONTENT,
                                finding.ruling().basis())));
        return found;
    }

    /// A ruling that flags something changes the row of its listing, too: few listings are, and their findings have an
    /// index.
    static void eachFlagged(Handle handle, StorageId storage, Digest epoch, Horizon since, Consumer<Digest> listener) {
        String listings = since.equals(Horizon.NONE)
                ? ""
                : " AND listing_id IN (SELECT id FROM listing WHERE policy_epoch = :epoch AND "
                        + Horizon.since("listing") + ")";
        handle.createQuery("SELECT sha256 FROM finding WHERE policy_epoch = :epoch"
                        + " AND (storage_id = :storage OR storage_id IN (SELECT other.id FROM storage own"
                        + " JOIN storage other ON other.site_id = own.site_id WHERE own.id = :storage)) AND "
                        + Horizon.since("finding") + listings)
                .bind(Horizon.NAME, since.value())
                .bind("epoch", epoch.toByteArray())
                .bind("storage", storage.value())
                .setFetchSize(FETCH_ROWS)
                .map((row, context) -> Digest.wrap(row.getBytes("sha256")))
                .useStream(found -> found.forEach(listener));
    }

    static long foundSince(Handle handle, StorageId storage, Digest sha256, Instant since) {
        return handle.createQuery(
                        "SELECT count(*) FROM finding WHERE sha256 = :sha256 AND storage_id = :storage AND found > :since")
                .bind("sha256", sha256.toByteArray())
                .bind("storage", storage.value())
                .bind("since", since)
                .mapTo(Long.class)
                .one();
    }

    static StoredFinding read(ResultSet row, StatementContext context) throws SQLException {
        Optional<OrderId> quarantineOrder = Optional.ofNullable(row.getObject("quarantine_order", UUID.class))
                .map(OrderId::new);
        return new StoredFinding(
                new FindingId(row.getLong("finding_id")),
                new StorageId(row.getLong("storage_id")),
                new ObjectReference(
                        row.getString("key"),
                        row.getString("version"),
                        row.getLong("bytes"),
                        row.getTimestamp("modified").toInstant()),
                Digest.wrap(row.getBytes("sha256")),
                new Ruling.Flagged(
                        row.getString("rule_id"),
                        row.getString("category"),
                        Ruling.Flagged.By.valueOf(row.getString("basis_kind")),
                        BasisBytes.parse(row.getBytes("basis"))),
                Digest.wrap(row.getBytes("policy_epoch")),
                new StoredFinding.Progress(
                        FindingState.of(
                                row.getString("state"), row.getString("state_detail"), quarantineOrder.isPresent()),
                        quarantineOrder,
                        new StoredFinding.Attested(row.getObject("salt", UUID.class), row.getInt("revision"))));
    }
}
