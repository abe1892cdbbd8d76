package org.picket.coordinator.removal;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.finding.AllowedContent;
import org.picket.coordinator.finding.Enforcement;
import org.picket.coordinator.finding.Findings;
import org.picket.coordinator.finding.FlaggedObject;
import org.picket.coordinator.finding.InconclusiveObject;
import org.picket.coordinator.finding.ObjectReference;
import org.picket.coordinator.finding.RulingContext;
import org.picket.coordinator.finding.Rulings;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.Fuses;
import org.picket.coordinator.ruling.Basis;
import org.picket.coordinator.ruling.Ruling;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.ShardId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.OrderStatement;
import org.picket.proto.v1.ReceiptStatement;
import org.picket.proto.v1.Sealed;

/// One storage with its crawler, before the coordinator's own code: what tests of findings and removals share.
public final class RemovalFixture implements CrawlerAccess {
    /// Never trips.
    public static final Fuses WIDE = new Fuses(1, 5_000, 1_000, 1_000);

    private static final AtomicLong STORAGES = new AtomicLong();

    public final Database database;
    public final SigningKey coordinatorKey = SigningKey.generate(new SecureRandom());
    public final SigningKey crawlerKey = SigningKey.generate(new SecureRandom());
    public final StorageId storage = new StorageId(STORAGES.incrementAndGet());
    public final ListingId listing = new ListingId(storage.value());
    public final Findings findings;
    public final Set<Digest> allowlist = new HashSet<>();
    public final List<LedgerBody> ledger = new ArrayList<>();
    public Instant now = Instant.parse("2026-11-01T00:00:00Z");
    public Digest epoch = content("epoch 1");

    public RemovalFixture(Database database) {
        this.database = database;
        this.findings = new Findings(new Orders(coordinatorKey, this::append, new SecureRandom()), allowing());
    }

    /// A storage that nobody has seen before.
    Outbox outbox(Duration visibility) {
        return new Outbox(
                database, () -> now, new RemovalSettings(visibility, Duration.ofSeconds(5), Duration.ofMillis(20), 16));
    }

    public long append(Handle handle, List<LedgerBody> bodies) {
        ledger.addAll(bodies);
        return ledger.size() - bodies.size();
    }

    private AllowedContent allowing() {
        return (_, of, sha256, _, _) -> {
            allowlist.add(sha256);
            return List.of(of);
        };
    }

    @Override
    public VerifyingKey callerKey() {
        return crawlerKey.verifyingKey();
    }

    @Override
    public Optional<String> callerServes(StorageId asked) {
        return Optional.of("folder:/one").filter(_ -> asked.equals(storage));
    }

    public RulingContext context(Action mode, Fuses fuses) {
        return context(mode, fuses, ledger.size());
    }

    public RulingContext context(Action mode, Fuses fuses, long ruling) {
        return new RulingContext(storage, listing, new ShardId(1), epoch, new Enforcement(mode, fuses), ruling, now);
    }

    /// Findings whose orders go into another ledger.
    public Findings findings(LedgerAppend into) {
        return findings(new Orders(coordinatorKey, into, new SecureRandom()));
    }

    public Findings findings(Orders orders) {
        return new Findings(orders, allowing());
    }

    /// Has the site allow a content, in the tables of the site's own package, as a release writes it.
    public void allow(String content) {
        database.jdbi().useHandle(handle -> {
            long owner = handle.createQuery("INSERT INTO site (name, created_at) VALUES (:name, now()) RETURNING id")
                    .bind("name", "site of storage " + storage)
                    .mapTo(Long.class)
                    .one();
            handle.execute(
                    "INSERT INTO storage (id, site_id, identity, registered_at) OVERRIDING SYSTEM VALUE"
                            + " VALUES (?, ?, 'folder:/a', now())",
                    storage.value(),
                    owner);
            handle.execute(
                    "INSERT INTO allowlist (site_id, sha256, allowed_by, allowed_at) VALUES (?, ?, 'alice', ?)",
                    owner,
                    content(content).toByteArray(),
                    now.atOffset(ZoneOffset.UTC));
        });
    }

    /// The open orders.
    public List<Sealed> outbox() {
        return outbox(Duration.ofSeconds(1)).next(storage, 16, Duration.ZERO).stream()
                .map(PostgresOrders.OpenOrder::sealed)
                .toList();
    }

    /// Flagged by a rule that would let the machine purge.
    public static FlaggedObject flagged(String key, String content) {
        return flagged(key, content, "version of " + content);
    }

    public static FlaggedObject flagged(String key, String content, String version) {
        return new FlaggedObject(
                object(key, version),
                content(content),
                new Ruling.Flagged(
                        "r1",
                        "test.lighthouse",
                        Ruling.Flagged.By.SCORES,
                        List.of(
                                new Basis("lighthouse", 0.75, 0.5, Basis.Side.REACHED),
                                new Basis("drawing", 0.125, 0.5, Basis.Side.BELOW))),
                Action.PURGE,
                Optional.empty());
    }

    public static ObjectReference object(String key, String version) {
        return new ObjectReference(key, version, 1_234, Instant.parse("2026-10-01T12:00:00Z"));
    }

    public static Digest content(String content) {
        return Digest.of(content.getBytes(StandardCharsets.UTF_8));
    }

    /// Rulings between the keys "a" and "z".
    public static Rulings rulings(FlaggedObject... flagged) {
        return new Rulings("a", "z", List.of(flagged), List.of(), List.of(), List.of());
    }

    public static Rulings rulings(
            List<FlaggedObject> flagged,
            List<InconclusiveObject> inconclusive,
            List<String> cleared,
            List<String> gone) {
        return new Rulings("a", "z", flagged, inconclusive, cleared, gone);
    }

    public int record(Action mode, Rulings rulings) {
        return record(mode, WIDE, rulings);
    }

    public int record(Action mode, Fuses fuses, Rulings rulings) {
        return database.transaction(handle -> findings.record(handle, context(mode, fuses), rulings));
    }

    /// The receipt that an honest crawler gives.
    public Sealed receipt(Sealed order, ReceiptStatement.Outcome outcome, String detail) {
        return crawlerKey.seal(SealKind.RECEIPT, statement(order, outcome, detail));
    }

    public static ReceiptStatement statement(Sealed order, ReceiptStatement.Outcome outcome, String detail) {
        return ReceiptStatement.newBuilder()
                .setOrderId(read(order).getOrderId())
                .setOrderDigest(Digest.of(order.getStatement()).bytes())
                .setOutcome(outcome)
                .setDetail(detail)
                .build();
    }

    public static OrderStatement read(Sealed order) {
        try {
            return OrderStatement.parseFrom(order.getStatement());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Takes receipts in, and logs them elsewhere.
    public void acknowledge(LedgerAppend into, Sealed... receipts) {
        Acknowledged taken = database.transaction(
                handle -> new Acknowledgement(findings(into), into).take(handle, List.of(receipts), this, now));
        if (!(taken instanceof Acknowledged.Taken)) {
            throw new IllegalStateException("a receipt was not taken: " + taken);
        }
    }

    Acknowledged acknowledge(Sealed... receipts) {
        return database.transaction(
                handle -> new Acknowledgement(findings, this::append).take(handle, List.of(receipts), this, now));
    }

    /// "STATE" or "STATE detail" of each finding of this storage, by id.
    public List<String> states() {
        return database.transaction(handle -> handle.createQuery(
                        "SELECT trim(state || ' ' || state_detail) FROM finding WHERE storage_id = ? ORDER BY finding_id")
                .bind(0, storage.value())
                .mapTo(String.class)
                .list());
    }

    public List<Long> ids() {
        return database.transaction(
                handle -> handle.createQuery("SELECT finding_id FROM finding WHERE storage_id = ? ORDER BY finding_id")
                        .bind(0, storage.value())
                        .mapTo(Long.class)
                        .list());
    }
}
