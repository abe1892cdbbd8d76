package org.picket.coordinator.removal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.finding.Removal;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.OrderId;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.ReceiptStatement;
import org.picket.proto.v1.RemovalAction;
import org.picket.proto.v1.Sealed;

/// An order's row, for whoever holds it against the ledger.
///
/// @param id the order
/// @param finding that it is about
/// @param removal what it says
/// @param authorisedBy the person behind it; empty for the site's mode
/// @param sealed as every crawler got it
/// @param logged where the ledger tells of it, with the digest that was kept
/// @param receipt that came, where one did
public record OrderEvidence(
        OrderId id,
        FindingId finding,
        Removal removal,
        String authorisedBy,
        Sealed sealed,
        Logged logged,
        Optional<Receipt> receipt) {

    /// What was kept of the ledger's record.
    ///
    /// @param sequence of the ledger entry
    /// @param digest SHA-256 over the statement, as kept beside it
    public record Logged(long sequence, Digest digest) {}

    /// A receipt's part of the row.
    ///
    /// @param sealed as it came
    /// @param outcome as kept beside it
    /// @param sequence of its ledger entry
    public record Receipt(Sealed sealed, String outcome, long sequence) {}

    /// Something in the rows that the ledger's entries cannot lead to.
    ///
    /// @param sequence the ledger entry that it belongs to
    /// @param what is wrong, for a person
    public record Disorder(long sequence, String what) {}

    /// How many rows there are.
    ///
    /// @param orders all together
    /// @param receipts those with one
    public record Counts(long orders, long receipts) {}

    /// The row of one order; empty where it is not there.
    public static Optional<OrderEvidence> find(Handle handle, OrderId id) {
        return handle.createQuery("""
                        SELECT order_id, finding_id, action, authorised_by, sealed, ledger_sequence, statement_digest,
                            receipt, outcome, receipt_sequence
                        FROM removal_order WHERE order_id = :id
                        """)
                .bind("id", id.value())
                .map((row, _) -> read(row))
                .findOne();
    }

    /// How many rows there are.
    public static Counts counts(Handle handle) {
        return handle.createQuery("SELECT count(*) AS orders, count(receipt) AS receipts FROM removal_order")
                .map((row, _) -> new Counts(row.getLong("orders"), row.getLong("receipts")))
                .one();
    }

    /// The first finding whose state does not follow from its orders and their receipts.
    public static Optional<Disorder> disorder(Handle handle) {
        return handle.createQuery("""
                        SELECT f.finding_id, f.state, f.ruling_sequence
                        FROM finding f LEFT JOIN LATERAL (
                            SELECT max(o.action) FILTER (WHERE o.receipt IS NULL) AS open,
                                coalesce(bool_or(o.outcome = 'QUARANTINED'), false) AS quarantined,
                                coalesce(bool_or(o.outcome = 'QUARANTINED' AND o.order_id = f.quarantine_order), false)
                                    AS by_its_order,
                                coalesce(bool_or(o.outcome = 'RELEASED'), false) AS released,
                                coalesce(bool_or(o.outcome = 'PURGED'), false) AS purged,
                                coalesce(bool_or(o.outcome = 'REFUSED'), false) AS refused,
                                coalesce(bool_or(o.outcome = 'FAILED'), false) AS failed
                            FROM removal_order o WHERE o.finding_id = f.finding_id
                        ) e ON true
                        WHERE NOT (
                            CASE f.state
                                WHEN 'QUARANTINE_ORDERED' THEN open IS NOT DISTINCT FROM 'QUARANTINE'
                                WHEN 'RELEASE_ORDERED' THEN open IS NOT DISTINCT FROM 'RELEASE'
                                WHEN 'PURGE_ORDERED' THEN open IS NOT DISTINCT FROM 'PURGE'
                                ELSE open IS NULL
                            END
                            AND CASE f.state
                                WHEN 'QUARANTINED' THEN by_its_order AND NOT released AND NOT purged
                                WHEN 'RELEASE_ORDERED' THEN by_its_order AND NOT released AND NOT purged
                                WHEN 'PURGE_ORDERED' THEN by_its_order = quarantined AND NOT released AND NOT purged
                                WHEN 'RELEASED' THEN released AND NOT purged
                                WHEN 'PURGED' THEN purged AND NOT released
                                WHEN 'REFUSED' THEN refused AND NOT quarantined AND NOT purged
                                WHEN 'FAILED' THEN failed AND NOT quarantined AND NOT purged
                                WHEN 'GONE' THEN NOT released AND NOT purged
                                ELSE NOT quarantined AND NOT released AND NOT purged
                            END)
                        ORDER BY f.ruling_sequence, f.finding_id LIMIT 1
                        """)
                .map((row, _) -> new Disorder(
                        row.getLong("ruling_sequence"),
                        "finding " + row.getLong("finding_id") + " is " + row.getString("state")
                                + ", which its orders and receipts do not lead to"))
                .findOne();
    }

    /// The wire's name of what it says.
    public RemovalAction action() {
        return Orders.action(removal);
    }

    /// Whether a receipt's outcome answers it.
    public boolean answeredBy(ReceiptStatement.Outcome outcome) {
        return Acknowledgement.outcome(outcome)
                .filter(one -> one.answers(removal))
                .isPresent();
    }

    private static OrderEvidence read(ResultSet row) throws SQLException {
        Optional<byte[]> receipt = Optional.ofNullable(row.getBytes("receipt"));
        String outcome = Optional.ofNullable(row.getString("outcome")).orElse("");
        long receiptSequence = row.getLong("receipt_sequence");
        return new OrderEvidence(
                new OrderId(row.getObject("order_id", UUID.class)),
                new FindingId(row.getLong("finding_id")),
                Removal.valueOf(row.getString("action")),
                row.getString("authorised_by"),
                PostgresOrders.sealed(row.getBytes("sealed")),
                new Logged(row.getLong("ledger_sequence"), Digest.wrap(row.getBytes("statement_digest"))),
                receipt.map(bytes -> new Receipt(PostgresOrders.sealed(bytes), outcome, receiptSequence)));
    }
}
