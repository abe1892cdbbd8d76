package org.picket.coordinator.audit;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.finding.FindingEvidence;
import org.picket.coordinator.finding.StoredFinding;
import org.picket.coordinator.ledger.EntryCheck;
import org.picket.coordinator.removal.OrderEvidence;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.OrderId;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.FindingRecord;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.OrderRecord;
import org.picket.proto.v1.OrderStatement;
import org.picket.proto.v1.ReceiptStatement;
import org.picket.proto.v1.RulingRecord;
import org.picket.proto.v1.Sealed;

/// Holds each finding, order and receipt of the ledger against its row. For one thread and one pass; what it
/// remembers is bounded.
final class EffectCheck implements EntryCheck {
    /// Rulings with findings that are remembered: a finding is logged with its ruling, in one transaction.
    private static final int RULINGS = 65_536;

    private final Database database;
    private final List<VerifyingKey> keys;
    private final Map<Long, Integer> flaggedBy = new LinkedHashMap<>();
    private Tally tally = new Tally(0, 0, 0);

    /// Entries that have a row.
    ///
    /// @param findings newest revisions
    /// @param orders given
    /// @param receipts taken in
    record Tally(long findings, long orders, long receipts) {}

    EffectCheck(Database database, List<VerifyingKey> keys) {
        this.database = database;
        this.keys = List.copyOf(keys);
    }

    Tally tally() {
        return tally;
    }

    @Override
    public Optional<String> check(long seq, LedgerBody body) {
        return switch (body.getBodyCase()) {
            case RULING -> ruling(seq, body.getRuling());
            case FINDING -> finding(body.getFinding());
            case ORDER -> order(seq, body.getOrder());
            case RECEIPT -> receipt(seq, body.getReceipt());
            case VERDICT, LATE_VERDICT, KEY, EPOCH, BODY_NOT_SET -> Optional.empty();
        };
    }

    private Optional<String> ruling(long seq, RulingRecord ruling) {
        if (ruling.getFlagged() > 0) {
            flaggedBy.put(seq, ruling.getFlagged());
            if (flaggedBy.size() > RULINGS) {
                flaggedBy.remove(flaggedBy.keySet().iterator().next());
            }
        }
        return Optional.empty();
    }

    private Optional<String> finding(FindingRecord record) {
        int left = flaggedBy.getOrDefault(record.getRuling(), 0);
        if (left == 0) {
            return Optional.of("no ruling flagged the object of finding " + record.getFindingId());
        }
        flaggedBy.put(record.getRuling(), left - 1);
        if (record.getFindingId() <= 0) {
            return Optional.of("it tells of no finding");
        }
        Optional<FindingEvidence> found =
                database.read(handle -> FindingEvidence.find(handle, new FindingId(record.getFindingId())));
        String name = "finding " + record.getFindingId();
        if (found.isEmpty()) {
            return Optional.of(name + " is not there any more");
        }
        FindingEvidence row = found.get();
        if (record.getRevision() > row.revision()) {
            return Optional.of(name + " was ruled on more often than its row says");
        }
        if (record.getRevision() < row.revision()) {
            return Optional.empty();
        }
        tally = new Tally(tally.findings() + 1, tally.orders(), tally.receipts());
        if (row.rulingSequence() != record.getRuling()) {
            return Optional.of(name + " names another ruling than the one that flagged it");
        }
        return row.commitment().bytes().equals(record.getCommitment())
                ? Optional.empty()
                : Optional.of(name + " was changed: it does not say what was ruled");
    }

    private Optional<String> order(long seq, OrderRecord record) {
        if (record.getOrderId().size() != 2 * Long.BYTES) {
            return Optional.of("it tells of no order");
        }
        Optional<OrderEvidence> found =
                database.read(handle -> OrderEvidence.find(handle, OrderId.of(record.getOrderId())));
        if (found.isEmpty()) {
            return Optional.of("its order is not there any more");
        }
        OrderEvidence row = found.get();
        Sealed sealed = row.sealed();
        tally = new Tally(tally.findings(), tally.orders() + 1, tally.receipts());
        Digest digest = Digest.of(sealed.getStatement());
        if (row.logged().sequence() != seq
                || !row.logged().digest().equals(digest)
                || !digest.bytes().equals(record.getStatementDigest())
                || !sealed.getSignature().equals(record.getSignature())
                || !sealed.getKeyId().equals(record.getKeyId())) {
            return Optional.of("its order was changed: it is not the one that was sealed");
        }
        boolean signed = keys.stream()
                .filter(key -> key.id().bytes().equals(sealed.getKeyId()))
                .anyMatch(key -> key.verifies(SealKind.ORDER, sealed.getStatement(), sealed.getSignature()));
        if (!signed) {
            return Optional.of("its order does not bear the coordinator's seal");
        }
        return bound(row);
    }

    /// Whether the order says what its finding says.
    private Optional<String> bound(OrderEvidence row) {
        OrderStatement statement;
        try {
            statement = OrderStatement.parseFrom(row.sealed().getStatement());
        } catch (InvalidProtocolBufferException e) {
            return Optional.of("its order cannot be read");
        }
        Optional<FindingEvidence> evidence = database.read(handle -> FindingEvidence.find(handle, row.finding()));
        if (evidence.isEmpty()) {
            return Optional.of("its order is about a finding that is not there");
        }
        StoredFinding finding = evidence.get().finding();
        boolean same = statement.getOrderId().equals(row.id().bytes())
                && statement.getFindingId() == finding.id().value()
                && statement.getStorageId() == finding.storage().value()
                && statement.getKey().equals(finding.object().key())
                && statement.getVersion().equals(finding.object().version())
                && statement.getBytes() == finding.object().bytes()
                && statement.getSha256().equals(finding.sha256().bytes())
                && statement.getAction() == row.action()
                && statement.getAuthorisedBy().equals(row.authorisedBy());
        return same ? Optional.empty() : Optional.of("its order is about another object than finding " + finding.id());
    }

    private Optional<String> receipt(long seq, Sealed sealed) {
        ReceiptStatement statement;
        try {
            statement = ReceiptStatement.parseFrom(sealed.getStatement());
        } catch (InvalidProtocolBufferException e) {
            return Optional.of("the receipt cannot be read");
        }
        if (statement.getOrderId().size() != 2 * Long.BYTES) {
            return Optional.of("the receipt is for no order");
        }
        Optional<OrderEvidence> found =
                database.read(handle -> OrderEvidence.find(handle, OrderId.of(statement.getOrderId())));
        if (found.isEmpty() || found.get().logged().sequence() >= seq) {
            return Optional.of("the receipt is for an order that was not given before");
        }
        OrderEvidence row = found.get();
        if (row.receipt().isEmpty()) {
            return Optional.of("the order of the receipt has none in its row");
        }
        OrderEvidence.Receipt kept = row.receipt().get();
        tally = new Tally(tally.findings(), tally.orders(), tally.receipts() + 1);
        if (kept.sequence() != seq || !kept.sealed().equals(sealed)) {
            return Optional.of("the receipt is not the one that its order's row holds");
        }
        if (!row.logged().digest().bytes().equals(statement.getOrderDigest())
                || !row.answeredBy(statement.getOutcome())
                || !kept.outcome().equals(statement.getOutcome().name())) {
            return Optional.of("the receipt does not answer its order");
        }
        return Optional.empty();
    }
}
