package org.picket.coordinator.removal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.finding.Findings;
import org.picket.coordinator.finding.Outcome;
import org.picket.coordinator.finding.Received;
import org.picket.coordinator.removal.PostgresOrders.StoredOrder;
import org.picket.proto.id.OrderId;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Opened;
import org.picket.proto.seal.SealKind;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.ReceiptStatement;
import org.picket.proto.v1.Sealed;

/// Takes receipts in: all are verified before the first has an effect.
final class Acknowledgement {
    private final Findings findings;
    private final LedgerAppend ledger;

    Acknowledgement(Findings findings, LedgerAppend ledger) {
        this.findings = findings;
        this.ledger = ledger;
    }

    /// A receipt whose seal was verified, with what it says.
    private record Verified(Sealed sealed, OrderId order, ReceiptStatement statement, Outcome outcome) {}

    /// A receipt with the order that it is for.
    private record Matched(Verified receipt, StoredOrder order) {}

    Acknowledged take(Handle handle, List<Sealed> receipts, CrawlerAccess access, Instant now) {
        List<Matched> matched = new ArrayList<>(receipts.size());
        for (int i = 0; i < receipts.size(); i++) {
            String which = "receipt " + (i + 1) + " of " + receipts.size();
            Opened<ReceiptStatement> opened = Opened.open(
                    SealKind.RECEIPT,
                    receipts.get(i),
                    ReceiptStatement.parser(),
                    access.callerKey(),
                    Limits.STATEMENT_BYTES);
            switch (opened) {
                case Opened.Invalid<ReceiptStatement>(Opened.Reason reason) -> {
                    return new Acknowledged.Denied(which + " does not bear this crawler's seal: " + reason);
                }
                case Opened.Valid<ReceiptStatement> valid -> {
                    Optional<Verified> verified = verified(receipts.get(i), valid.statement());
                    if (verified.isEmpty()) {
                        return new Acknowledged.Malformed(which + " names no order or no outcome");
                    }
                    Optional<StoredOrder> order =
                            PostgresOrders.locked(handle, verified.get().order());
                    Optional<Acknowledged> fault = fault(verified.get(), order, access, which);
                    if (fault.isPresent()) {
                        return fault.get();
                    }
                    matched.add(new Matched(verified.get(), order.orElseThrow()));
                }
            }
        }
        apply(handle, matched, now);
        return new Acknowledged.Taken(
                matched.stream().map(one -> one.order().id()).toList(),
                matched.stream().anyMatch(one -> one.receipt().outcome() == Outcome.FAILED));
    }

    private static Optional<Verified> verified(Sealed sealed, ReceiptStatement statement) {
        if (statement.getOrderId().size() != 2 * Long.BYTES) {
            return Optional.empty();
        }
        return outcome(statement.getOutcome())
                .map(outcome -> new Verified(sealed, OrderId.of(statement.getOrderId()), statement, outcome));
    }

    private static Optional<Acknowledged> fault(
            Verified receipt, Optional<StoredOrder> found, CrawlerAccess access, String which) {
        if (found.isEmpty()) {
            return Optional.of(new Acknowledged.Malformed(which + " is for an order that was never given"));
        }
        StoredOrder order = found.get();
        if (access.callerServes(order.storage()).isEmpty()) {
            return Optional.of(
                    new Acknowledged.Denied(which + " is for storage " + order.storage() + " of another crawler"));
        }
        if (!order.digest().bytes().equals(receipt.statement().getOrderDigest())) {
            return Optional.of(new Acknowledged.Malformed(which + " is for other bytes than those of its order"));
        }
        if (!receipt.outcome().answers(order.removal())) {
            return Optional.of(new Acknowledged.Malformed(
                    which + " says " + receipt.outcome() + ", which is no answer to " + order.removal()));
        }
        return Optional.empty();
    }

    private void apply(Handle handle, List<Matched> matched, Instant now) {
        List<Matched> fresh = new ArrayList<>();
        for (Matched one : matched) {
            boolean repeated = one.order().outcome().isPresent()
                    || fresh.stream()
                            .anyMatch(other ->
                                    other.order().id().equals(one.order().id()));
            if (!repeated) {
                fresh.add(one);
            }
        }
        if (fresh.isEmpty()) {
            return;
        }
        List<LedgerBody> bodies = fresh.stream()
                .map(one -> LedgerBody.newBuilder()
                        .setReceipt(one.receipt().sealed())
                        .build())
                .toList();
        long sequence = ledger.append(handle, bodies);
        for (Matched one : fresh) {
            StoredOrder order = one.order();
            Outcome outcome = one.receipt().outcome();
            PostgresOrders.receive(handle, order.id(), one.receipt().sealed(), outcome, sequence++, now);
            Received received = new Received(
                    order.finding(),
                    order.id(),
                    order.given().attempt(),
                    order.given().authority(),
                    outcome,
                    one.receipt().statement().getDetail(),
                    now);
            findings.receive(handle, received).ifPresent(reason -> {
                throw new IllegalStateException("an open order does not fit its finding: " + reason);
            });
        }
    }

    static Optional<Outcome> outcome(ReceiptStatement.Outcome wire) {
        return switch (wire) {
            case QUARANTINED -> Optional.of(Outcome.QUARANTINED);
            case RELEASED -> Optional.of(Outcome.RELEASED);
            case PURGED -> Optional.of(Outcome.PURGED);
            case GONE -> Optional.of(Outcome.GONE);
            case REFUSED -> Optional.of(Outcome.REFUSED);
            case FAILED -> Optional.of(Outcome.FAILED);
            case OUTCOME_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }
}
