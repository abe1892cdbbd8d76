package org.picket.coordinator.removal;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.finding.Authority;
import org.picket.coordinator.finding.OrderRequest;
import org.picket.coordinator.finding.Ordering;
import org.picket.coordinator.finding.Removal;
import org.picket.coordinator.finding.StoredFinding;
import org.picket.proto.id.OrderId;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.FindingRecord;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.OrderRecord;
import org.picket.proto.v1.OrderStatement;
import org.picket.proto.v1.RemovalAction;
import org.picket.proto.v1.Sealed;

/// Writes orders: sealed once, logged, and kept as the bytes that every crawler gets.
///
/// Safe for any number of threads where its randomness is.
public final class Orders implements Ordering {
    /// Ledger entries in one append.
    private static final int APPEND_ENTRIES = 1_024;

    private final SigningKey key;
    private final LedgerAppend ledger;
    private final RandomGenerator random;

    /// @param key the coordinator's
    /// @param ledger takes in a record of each order
    /// @param random for order ids; a [java.security.SecureRandom] outside tests
    public Orders(SigningKey key, LedgerAppend ledger, RandomGenerator random) {
        this.key = Objects.requireNonNull(key);
        this.ledger = Objects.requireNonNull(ledger);
        this.random = Objects.requireNonNull(random);
    }

    @Override
    public void order(Handle handle, List<FindingRecord> findings, List<OrderRequest> requests, Instant now) {
        if (findings.isEmpty() && requests.isEmpty()) {
            return;
        }
        List<WrittenOrder> written = new ArrayList<>(requests.size());
        List<LedgerBody> bodies = new ArrayList<>(findings.size() + requests.size());
        findings.forEach(finding ->
                bodies.add(LedgerBody.newBuilder().setFinding(finding).build()));
        for (OrderRequest request : requests) {
            OrderId id = new OrderId(new UUID(random.nextLong(), random.nextLong()));
            Sealed sealed = key.seal(SealKind.ORDER, statement(id, request));
            Digest digest = Digest.of(sealed.getStatement());
            written.add(new WrittenOrder(id, request, sealed, digest));
            bodies.add(LedgerBody.newBuilder()
                    .setOrder(OrderRecord.newBuilder()
                            .setOrderId(id.bytes())
                            .setStatementDigest(digest.bytes())
                            .setKeyId(sealed.getKeyId())
                            .setSignature(sealed.getSignature()))
                    .build());
        }
        long first = append(handle, bodies);
        PostgresOrders.insert(handle, written, first + findings.size(), now);
    }

    /// In parts that the ledger takes at once; nobody else appends in between, for this transaction holds its
    /// head.
    private long append(Handle handle, List<LedgerBody> bodies) {
        long first = ledger.append(handle, bodies.subList(0, Math.min(bodies.size(), APPEND_ENTRIES)));
        for (int from = APPEND_ENTRIES; from < bodies.size(); from += APPEND_ENTRIES) {
            long next = ledger.append(handle, bodies.subList(from, Math.min(bodies.size(), from + APPEND_ENTRIES)));
            if (next != first + from) {
                throw new IllegalStateException("somebody appended to the ledger between two parts of a transaction");
            }
        }
        return first;
    }

    private static OrderStatement statement(OrderId id, OrderRequest request) {
        StoredFinding finding = request.finding();
        OrderStatement.Builder statement = OrderStatement.newBuilder()
                .setOrderId(id.bytes())
                .setStorageId(finding.storage().value())
                .setFindingId(finding.id().value())
                .setAction(action(request.removal()))
                .setKey(finding.object().key())
                .setVersion(finding.object().version())
                .setSha256(finding.sha256().bytes())
                .setBytes(finding.object().bytes())
                .setPolicyEpoch(finding.epoch().bytes())
                .setQuarantineOrderId(
                        finding.progress().quarantineOrder().map(OrderId::bytes).orElse(ByteString.EMPTY));
        return switch (request.authority()) {
            case Authority.SiteMode() ->
                statement.setAuthority(OrderStatement.Authority.SITE_MODE).build();
            case Authority.Person(String name) ->
                statement
                        .setAuthority(OrderStatement.Authority.PERSON)
                        .setAuthorisedBy(name)
                        .build();
        };
    }

    static RemovalAction action(Removal removal) {
        return switch (removal) {
            case QUARANTINE -> RemovalAction.QUARANTINE;
            case RELEASE -> RemovalAction.RELEASE;
            case PURGE -> RemovalAction.PURGE;
        };
    }
}
