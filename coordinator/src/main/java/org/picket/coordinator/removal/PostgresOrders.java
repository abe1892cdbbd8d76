package org.picket.coordinator.removal;

import com.google.protobuf.InvalidProtocolBufferException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.picket.coordinator.finding.Authority;
import org.picket.coordinator.finding.Outcome;
import org.picket.coordinator.finding.Removal;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.OrderId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.Sealed;

/// Orders in SQL: the outbox. Every method runs in the caller's transaction.
final class PostgresOrders {
    private PostgresOrders() {}

    /// An order to hand out.
    ///
    /// @param withdrawn whether the site has allowed its content since: who releases one copy has spoken for all
    record OpenOrder(OrderId id, Sealed sealed, boolean withdrawn) {}

    /// An order that a receipt is for.
    ///
    /// @param id the order
    /// @param storage that it was given to
    /// @param finding that it is about
    /// @param removal what it says
    /// @param given how it came to be
    /// @param digest SHA-256 over its statement
    /// @param outcome what an earlier receipt says, where there is one
    record StoredOrder(
            OrderId id,
            StorageId storage,
            FindingId finding,
            Removal removal,
            Given given,
            Digest digest,
            Optional<Outcome> outcome) {}

    /// How an order came to be.
    record Given(Authority authority, int attempt) {}

    static void insert(Handle handle, List<WrittenOrder> orders, long firstSequence, Instant now) {
        if (orders.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch("""
                INSERT INTO removal_order (order_id, storage_id, finding_id, listing_id, action, attempt, authorised_by,
                    sealed, statement_digest, ledger_sequence, ordered)
                SELECT :id, storage_id, finding_id, listing_id, :action, :attempt, :by, :sealed, :digest, :sequence, :now
                FROM finding WHERE finding_id = :finding
                """);
        long sequence = firstSequence;
        for (WrittenOrder order : orders) {
            batch.bind("id", order.id().value())
                    .bind("finding", order.request().finding().id().value())
                    .bind("action", order.request().removal().name())
                    .bind("attempt", order.request().attempt())
                    .bind("by", by(order.request().authority()))
                    .bind("sealed", order.sealed().toByteArray())
                    .bind("digest", order.digest().toByteArray())
                    .bind("sequence", sequence++)
                    .bind("now", now)
                    .add();
        }
        batch.execute();
    }

    /// The oldest orders of a storage without a receipt, but for those that are out already; a person's before
    /// those of the storage's mode, which may be many, and which a crawler leaves while a person waits beside it.
    /// Purges come after all others: a crawler carries out so many an hour, and what is to be brought back or
    /// hidden does not wait for that. Withdrawn ones come last, since an older crawler does not see them and leaves
    /// them open. An order of the mode is withdrawn whenever its content is allowed, a person's where that came
    /// after it.
    static List<OpenOrder> open(Handle handle, StorageId storage, Collection<OrderId> out, int limit) {
        return handle.createQuery("""
                        SELECT o.order_id, o.sealed, o.action <> 'RELEASE' AND EXISTS (
                            SELECT FROM finding f JOIN storage s ON s.id = f.storage_id
                            JOIN allowlist a ON a.site_id = s.site_id AND a.sha256 = f.sha256
                            WHERE f.finding_id = o.finding_id AND (o.authorised_by = '' OR a.allowed_at >= (
                                SELECT max(begun.ordered) FROM removal_order begun
                                WHERE begun.finding_id = o.finding_id AND begun.attempt = 1))) AS withdrawn
                        FROM removal_order o
                        WHERE o.storage_id = :storage AND o.receipt IS NULL AND o.order_id <> ALL (:out)
                        ORDER BY withdrawn, o.action = 'PURGE', o.authorised_by = '', o.order_number LIMIT :limit
                        """)
                .bind("storage", storage.value())
                .bindArray("out", UUID.class, out.stream().map(OrderId::value).toArray())
                .bind("limit", limit)
                .map((row, _) -> new OpenOrder(
                        new OrderId(row.getObject("order_id", UUID.class)),
                        sealed(row.getBytes("sealed")),
                        row.getBoolean("withdrawn")))
                .list();
    }

    static Optional<StoredOrder> locked(Handle handle, OrderId id) {
        return handle.createQuery("""
                        SELECT order_id, storage_id, finding_id, action, attempt, authorised_by, statement_digest, outcome
                        FROM removal_order WHERE order_id = :id FOR UPDATE
                        """)
                .bind("id", id.value())
                .map((row, _) -> read(row))
                .findOne();
    }

    static void receive(Handle handle, OrderId id, Sealed receipt, Outcome outcome, long sequence, Instant now) {
        handle.createUpdate("""
                        UPDATE removal_order SET receipt = :receipt, outcome = :outcome, receipt_sequence = :sequence,
                            received = :now
                        WHERE order_id = :id AND receipt IS NULL
                        """)
                .bind("receipt", receipt.toByteArray())
                .bind("outcome", outcome.name())
                .bind("sequence", sequence)
                .bind("now", now)
                .bind("id", id.value())
                .execute();
    }

    static long openOrders(Handle handle, StorageId storage) {
        return handle.createQuery("SELECT count(*) FROM removal_order WHERE storage_id = :storage AND receipt IS NULL")
                .bind("storage", storage.value())
                .mapTo(Long.class)
                .one();
    }

    /// How many orders were given, by removal and by what was answered; empty: nothing yet.
    static Map<Tally, Long> tally(Handle handle) {
        Map<Tally, Long> tally = new HashMap<>();
        handle.createQuery("SELECT action, outcome, count(*) AS orders FROM removal_order GROUP BY action, outcome")
                .map((row, _) -> Map.entry(
                        new Tally(
                                Removal.valueOf(row.getString("action")),
                                Optional.ofNullable(row.getString("outcome")).map(Outcome::valueOf)),
                        row.getLong("orders")))
                .forEach(counted -> tally.put(counted.getKey(), counted.getValue()));
        return tally;
    }

    /// Orders of one kind that came to the same.
    record Tally(Removal removal, Optional<Outcome> outcome) {}

    static String by(Authority authority) {
        return switch (authority) {
            case Authority.SiteMode() -> "";
            case Authority.Person(String name) -> name;
        };
    }

    static Sealed sealed(byte[] bytes) {
        try {
            return Sealed.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored order or receipt cannot be read", e);
        }
    }

    private static StoredOrder read(ResultSet row) throws SQLException {
        String by = row.getString("authorised_by");
        return new StoredOrder(
                new OrderId(row.getObject("order_id", UUID.class)),
                new StorageId(row.getLong("storage_id")),
                new FindingId(row.getLong("finding_id")),
                Removal.valueOf(row.getString("action")),
                new Given(by.isEmpty() ? new Authority.SiteMode() : new Authority.Person(by), row.getInt("attempt")),
                Digest.wrap(row.getBytes("statement_digest")),
                Optional.ofNullable(row.getString("outcome")).map(Outcome::valueOf));
    }
}
