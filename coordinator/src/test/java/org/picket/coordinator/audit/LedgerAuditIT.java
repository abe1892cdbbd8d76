package org.picket.coordinator.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.picket.coordinator.removal.RemovalFixture.flagged;
import static org.picket.coordinator.removal.RemovalFixture.rulings;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.TestDatabase;
import org.picket.coordinator.finding.Authority;
import org.picket.coordinator.finding.Findings;
import org.picket.coordinator.finding.FlaggedObject;
import org.picket.coordinator.finding.RulingContext;
import org.picket.coordinator.ledger.Ledger;
import org.picket.coordinator.ledger.Verification;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.PolicyEpoch;
import org.picket.coordinator.removal.Orders;
import org.picket.coordinator.removal.RemovalFixture;
import org.picket.proto.id.FindingId;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.EpochRecord;
import org.picket.proto.v1.Fence;
import org.picket.proto.v1.KeyRecord;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.Mode;
import org.picket.proto.v1.ReceiptStatement.Outcome;
import org.picket.proto.v1.RulingRecord;
import org.picket.proto.v1.VerdictStatement;

class LedgerAuditIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final String ORIGIN = "picket.test/ledger";
    private static final Instant NOW = Instant.parse("2026-11-21T06:00:00Z");
    private static final Digest SOME = Digest.of(new byte[] {1});

    private final SigningKey agent = SigningKey.generate(new SecureRandom());
    private Database database;
    private RemovalFixture site;
    private Ledger ledger;

    /// Entries: 0 and 1 keys, 2 epoch, 3 verdict, 4 ruling, 5 to 7 findings, 8 to 10 orders, then two receipts.
    @BeforeEach
    void runOnce() {
        database = DATABASE.fresh();
        site = new RemovalFixture(database);
        ledger = new Ledger(ORIGIN, site.coordinatorKey);
        append(key(agent, "AGENT"), key(site.crawlerKey, "CRAWLER"), epoch(UnaryOperator.identity()));
        ruleAndOrder(rulings(flagged("b", "one"), flagged("c", "two"), flagged("d", "three"))
                .flagged());
        var orders = site.outbox();
        site.acknowledge(
                ledger::append,
                site.receipt(orders.get(0), Outcome.QUARANTINED, ""),
                site.receipt(orders.get(1), Outcome.REFUSED, "changed"));
        database.useTransaction(handle -> ledger.checkpoint(handle, NOW));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void untouchedLedgerIsVerified() {
        Verification.Verified verified = assertInstanceOf(Verification.Verified.class, audit());
        assertEquals(13, verified.size());
        assertEquals(13, verified.vouched());
    }

    @Test
    void ledgerStaysSoundThroughReleaseAndAnotherRuling() {
        Findings findings = site.findings(ledger::append);
        database.useTransaction(handle ->
                findings.release(handle, new FindingId(site.ids().getFirst()), new Authority.Person("alice"), NOW));
        var release = site.outbox();
        site.acknowledge(ledger::append, site.receipt(release.getFirst(), Outcome.RELEASED, ""));
        ruleAndOrder(List.of(flagged("d", "three")));
        assertInstanceOf(Verification.Verified.class, audit());
    }

    @Test
    void editedFindingIsNamed() {
        edit("UPDATE finding SET category = 'test.harmless' WHERE key = 'c'");
        assertBroken(6, "was changed");
        edit("UPDATE finding SET category = 'test.lighthouse', key = 'x' WHERE key = 'c'");
        assertBroken(6, "was changed");
    }

    @Test
    void editedStateIsNamed() {
        edit("UPDATE finding SET state = 'OBSERVED' WHERE state = 'QUARANTINED'");
        assertBroken(4, "is OBSERVED, which its orders and receipts do not lead to");
    }

    @Test
    void deletedOrAddedRowsAreNoticed() {
        edit("INSERT INTO finding SELECT 999, storage_id, listing_id, shard_id, 'y', version, bytes, modified, sha256,"
                + " category, rule_id, basis_kind, basis, policy_epoch, ruling_sequence, revision, salt, found,"
                + " 'OBSERVED', '', state_since, NULL, live FROM finding WHERE key = 'c'");
        assertBroken(13, "4 rows of the kind finding");
        edit("DELETE FROM finding WHERE finding_id = 999");
        edit("DELETE FROM removal_order WHERE receipt IS NULL");
        assertBroken(10, "its order is not there any more");
    }

    @Test
    void editedOrderIsNamed() {
        edit("UPDATE removal_order SET sealed = set_byte(sealed, octet_length(sealed) - 90, 7)"
                + " WHERE ledger_sequence = 9");
        assertBroken(9, "its order");
        edit("UPDATE removal_order SET ledger_sequence = 9 WHERE ledger_sequence = 8");
        assertBroken(8, "its order was changed");
    }

    @Test
    void orderOfAnotherCoordinatorIsNamed() {
        SigningKey forger = SigningKey.generate(new SecureRandom());
        ruleAndOrder(List.of(flagged("e", "four")), new Orders(forger, ledger::append, new SecureRandom()));
        assertBroken(16, "does not bear the coordinator's seal");
    }

    @Test
    void editedReceiptIsNamed() {
        edit("UPDATE removal_order SET outcome = 'GONE' WHERE outcome = 'REFUSED'");
        assertBroken(12, "does not answer its order");
        edit("UPDATE removal_order SET outcome = 'REFUSED', receipt = (SELECT receipt FROM removal_order"
                + " WHERE outcome = 'QUARANTINED') WHERE outcome = 'GONE'");
        assertBroken(12, "is not the one that its order's row holds");
    }

    @Test
    void editedLedgerEntryIsNamed() {
        edit("UPDATE ledger_batch SET bodies = set_byte(bodies, octet_length(bodies) - 1,"
                + " get_byte(bodies, octet_length(bodies) - 1) # 1)"
                + " WHERE first_seq = (SELECT max(first_seq) FROM ledger_batch)");
        assertBroken(12, "");
    }

    @Test
    void forgedEntriesAreNamed() {
        append(epoch(record -> record.setBundleDigest(Digest.of(new byte[] {9}).bytes())));
        assertBroken(13, "the epoch is not that of its policy");
    }

    @Test
    void verdictNeedsItsRulingAndAnAgentsSeal() {
        append(verdict(agent, 0, 4), key(SigningKey.generate(new SecureRandom()), "AGENT"));
        assertBroken(14, "not followed by its ruling");
    }

    @Test
    void verdictSealedByACrawlerIsNamed() {
        append(verdict(site.crawlerKey, 0, 4), ruling(0, 4, 0));
        assertBroken(13, "not sealed by a member of the role AGENT");
    }

    @Test
    void rulingThatDoesNotAddUpIsNamed() {
        append(verdict(agent, 0, 4), ruling(0, 3, 0));
        assertBroken(14, "");
    }

    @Test
    void followUpThatRulesOnMoreThanWaitedIsNamed() {
        append(waiting(0, 4, 3, 0), waiting(0, 2, 0, 1));
        append(waiting(0, 2, 0, 1));
        assertBroken(15, "did not wait for a further bundle");
    }

    private static LedgerBody waiting(int from, int to, int waiting, long follows) {
        LedgerBody whole = ruling(from, to, 0);
        return whole.toBuilder()
                .setRuling(whole.getRuling().toBuilder()
                        .setShardId(follows == 0 ? 1 : 2)
                        .setFollowsShardId(follows)
                        .setWaiting(waiting)
                        .setCleared(to - from - waiting))
                .build();
    }

    @Test
    void findingWithoutARulingIsNamed() {
        RulingContext context = site.context(Action.OBSERVE, RemovalFixture.WIDE, 2);
        database.useTransaction(
                handle -> site.findings(ledger::append).record(handle, context, rulings(flagged("e", "four"))));
        assertBroken(13, "no ruling flagged the object");
    }

    private void ruleAndOrder(List<FlaggedObject> flagged) {
        ruleAndOrder(flagged, new Orders(site.coordinatorKey, ledger::append, new SecureRandom()));
    }

    private void ruleAndOrder(List<FlaggedObject> flagged, Orders orders) {
        Findings findings = site.findings(orders);
        database.useTransaction(handle -> {
            long first = ledger.append(handle, List.of(verdict(agent, 0, 4), ruling(0, 4, flagged.size())));
            findings.record(
                    handle,
                    site.context(Action.QUARANTINE, RemovalFixture.WIDE, first + 1),
                    rulings(flagged.toArray(FlaggedObject[]::new)));
        });
    }

    private void append(LedgerBody... bodies) {
        database.useTransaction(handle -> ledger.append(handle, List.of(bodies)));
    }

    private static LedgerBody key(SigningKey key, String role) {
        return LedgerBody.newBuilder()
                .setKey(KeyRecord.newBuilder()
                        .setPublicKey(key.verifyingKey().raw())
                        .setRole(role))
                .build();
    }

    private static LedgerBody epoch(UnaryOperator<EpochRecord.Builder> change) {
        return LedgerBody.newBuilder()
                .setEpoch(change.apply(EpochRecord.newBuilder()
                        .setStorageId(1)
                        .setPolicyEpoch(PolicyEpoch.of(SOME, SOME, SOME).bytes())
                        .setPolicyDigest(SOME.bytes())
                        .setBundleDigest(SOME.bytes())
                        .setPreprocessingDigest(SOME.bytes())
                        .setMode(Mode.QUARANTINE_FLAGGED)))
                .build();
    }

    private static LedgerBody verdict(SigningKey key, int from, int to) {
        return LedgerBody.newBuilder()
                .setVerdict(key.seal(
                        SealKind.VERDICT,
                        VerdictStatement.newBuilder()
                                .setFence(fence())
                                .setShardId(1)
                                .setFrom(from)
                                .setTo(to)
                                .setBundleDigest(SOME.bytes())
                                .setPreprocessingDigest(SOME.bytes())
                                .setScoresDigest(SOME.bytes())
                                .build()))
                .build();
    }

    private static LedgerBody ruling(int from, int to, int flagged) {
        return LedgerBody.newBuilder()
                .setRuling(RulingRecord.newBuilder()
                        .setFence(fence())
                        .setShardId(1)
                        .setFrom(from)
                        .setTo(to)
                        .setDigest(SOME.bytes())
                        .setFlagged(flagged)
                        .setCleared(to - from - flagged))
                .build();
    }

    private static Fence fence() {
        return Fence.newBuilder()
                .setLeaseId(ByteString.copyFrom(new byte[16]))
                .setLeaseEpoch(1)
                .setTerm(1)
                .build();
    }

    private Verification audit() {
        return new LedgerAudit(database, ORIGIN, List.of(site.coordinatorKey.verifyingKey())).verify(List.of());
    }

    private void assertBroken(long sequence, String what) {
        Verification.Broken broken = assertInstanceOf(Verification.Broken.class, audit());
        assertEquals(sequence, broken.seq(), broken.what());
        assertTrue(broken.what().contains(what), broken.what());
    }

    /// As who owns the database can.
    private void edit(String sql) {
        database.useTransaction(handle -> {
            handle.execute("ALTER TABLE ledger_batch DISABLE TRIGGER USER");
            handle.execute(sql);
        });
    }
}
