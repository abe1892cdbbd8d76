package org.picket.crawler.order;

import java.util.Optional;
import org.picket.crawler.removal.Outcome;
import org.picket.proto.id.OrderId;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.ReceiptStatement;
import org.picket.proto.v1.Sealed;

/// Seals receipts with this crawler's key.
record Receipts(SigningKey key) {

    Sealed refused(OrderId order, Digest digest, String why) {
        return seal(order, digest, ReceiptStatement.Outcome.REFUSED, why);
    }

    /// The receipt of an outcome; empty where the order may still succeed, and so is to come again.
    Optional<Sealed> of(OrderId order, Digest digest, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Quarantined quarantined ->
                Optional.of(seal(
                        order,
                        digest,
                        ReceiptStatement.Outcome.QUARANTINED,
                        quarantined.assurance().name()));
            case Outcome.Released released -> Optional.of(seal(order, digest, ReceiptStatement.Outcome.RELEASED, ""));
            case Outcome.Purged purged ->
                Optional.of(seal(
                        order,
                        digest,
                        ReceiptStatement.Outcome.PURGED,
                        purged.assurance().name()));
            case Outcome.AlreadyDone done -> of(order, digest, done.first());
            case Outcome.Refused refused ->
                Optional.of(seal(
                        order,
                        digest,
                        ReceiptStatement.Outcome.REFUSED,
                        refused.reason().name()));
            case Outcome.Gone gone -> Optional.of(seal(order, digest, ReceiptStatement.Outcome.GONE, ""));
            case Outcome.Failed failed ->
                failed.retryable()
                        ? Optional.empty()
                        : Optional.of(seal(order, digest, ReceiptStatement.Outcome.FAILED, failed.reason()));
        };
    }

    private Sealed seal(OrderId order, Digest digest, ReceiptStatement.Outcome outcome, String detail) {
        return key.seal(
                SealKind.RECEIPT,
                ReceiptStatement.newBuilder()
                        .setOrderId(order.bytes())
                        .setOrderDigest(digest.bytes())
                        .setOutcome(outcome)
                        .setDetail(detail)
                        .build());
    }
}
