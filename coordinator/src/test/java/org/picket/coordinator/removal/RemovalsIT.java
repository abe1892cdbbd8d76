package org.picket.coordinator.removal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.picket.coordinator.removal.RemovalFixture.content;
import static org.picket.coordinator.removal.RemovalFixture.flagged;
import static org.picket.coordinator.removal.RemovalFixture.read;
import static org.picket.coordinator.removal.RemovalFixture.rulings;
import static org.picket.coordinator.removal.RemovalFixture.statement;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.coordinator.database.TestDatabase;
import org.picket.coordinator.finding.Authority;
import org.picket.coordinator.finding.Enforced;
import org.picket.coordinator.finding.Findings;
import org.picket.coordinator.finding.FlaggedObject;
import org.picket.coordinator.finding.Removal;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.removal.PostgresOrders.OpenOrder;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.StorageId;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Opened;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.OrderStatement;
import org.picket.proto.v1.ReceiptStatement.Outcome;
import org.picket.proto.v1.RemovalAction;
import org.picket.proto.v1.Sealed;

class RemovalsIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final Authority.Person PERSON = new Authority.Person("alice");
    private static final Duration VISIBILITY = Duration.ofSeconds(60);

    private RemovalFixture site;
    private Outbox outbox;

    @BeforeEach
    void newStorage() {
        site = new RemovalFixture(DATABASE.database());
        outbox = site.outbox(VISIBILITY);
    }

    @Test
    void orderBindsWhatWasRuledOnUnderTheCoordinatorsSeal() {
        Sealed order = quarantineOne();
        assertInstanceOf(
                Opened.Valid.class,
                Opened.open(
                        SealKind.ORDER,
                        order,
                        OrderStatement.parser(),
                        id -> Optional.of(site.coordinatorKey.verifyingKey()),
                        Limits.STATEMENT_BYTES));
        OrderStatement statement = read(order);
        assertEquals(RemovalAction.QUARANTINE, statement.getAction());
        assertEquals("b", statement.getKey());
        assertEquals("version of one", statement.getVersion());
        assertEquals(content("one").bytes(), statement.getSha256());
        assertEquals(site.epoch.bytes(), statement.getPolicyEpoch());
        assertEquals(OrderStatement.Authority.SITE_MODE, statement.getAuthority());
        assertEquals(LedgerBody.BodyCase.ORDER, site.ledger.getLast().getBodyCase());
    }

    @Test
    void orderIsRolledBackWithItsFinding() {
        assertThrows(
                IllegalStateException.class,
                () -> site.database.useTransaction(handle -> {
                    site.findings.record(
                            handle, site.context(Action.PURGE, RemovalFixture.WIDE), rulings(flagged("b", "one")));
                    throw new IllegalStateException("the process dies before the commit");
                }));
        assertTrue(site.states().isEmpty());
        assertTrue(pull().isEmpty());
    }

    @Test
    void orderIsHandedOutAgainUntilThereIsAReceipt() {
        Sealed order = quarantineOne();
        assertTrue(pull().isEmpty(), "an order that is out is not handed out at once again");
        site.now = site.now.plus(VISIBILITY).plusMillis(1);
        assertEquals(List.of(order), pull(), "the same bytes, for the crawler to know it again");
        outbox = site.outbox(VISIBILITY);
        assertEquals(List.of(order), pull(), "a coordinator that restarted hands it out too");
        site.acknowledge(site.receipt(order, Outcome.QUARANTINED, ""));
        site.now = site.now.plus(VISIBILITY.multipliedBy(2));
        assertTrue(pull().isEmpty());
        assertEquals(List.of("QUARANTINED"), site.states());
    }

    @Test
    void receiptThatComesTwiceCountsOnce() {
        Sealed receipt = site.receipt(quarantineOne(), Outcome.QUARANTINED, "");
        assertInstanceOf(Acknowledged.Taken.class, site.acknowledge(receipt, receipt));
        assertInstanceOf(Acknowledged.Taken.class, site.acknowledge(receipt));
        assertEquals(
                1,
                site.ledger.stream()
                        .filter(body -> body.getBodyCase() == LedgerBody.BodyCase.RECEIPT)
                        .count());
        assertEquals(List.of("QUARANTINED"), site.states());
    }

    @Test
    void laterReceiptOfAnotherOutcomeChangesNothing() {
        Sealed order = quarantineOne();
        site.acknowledge(site.receipt(order, Outcome.QUARANTINED, ""));
        assertInstanceOf(Acknowledged.Taken.class, site.acknowledge(site.receipt(order, Outcome.REFUSED, "changed")));
        assertEquals(List.of("QUARANTINED"), site.states());
    }

    @Test
    void forgedReceiptSpoilsItsBatch() {
        site.record(Action.QUARANTINE, rulings(flagged("b", "one"), flagged("c", "two")));
        List<Sealed> orders = pull();
        Sealed honest = site.receipt(orders.get(0), Outcome.QUARANTINED, "");
        Sealed foreign = SigningKey.generate(new SecureRandom())
                .seal(SealKind.RECEIPT, statement(orders.get(1), Outcome.QUARANTINED, ""));
        Sealed changed = honest.toBuilder()
                .setStatement(statement(orders.get(0), Outcome.PURGED, "").toByteString())
                .build();
        Sealed borrowed = site.crawlerKey.seal(SealKind.VERDICT, statement(orders.get(1), Outcome.QUARANTINED, ""));
        for (Sealed forged : List.of(foreign, changed, borrowed)) {
            assertInstanceOf(Acknowledged.Denied.class, site.acknowledge(honest, forged));
        }
        assertEquals(List.of("QUARANTINE_ORDERED", "QUARANTINE_ORDERED"), site.states());
    }

    @Test
    void receiptForOtherBytesOrAnotherDeedIsRefused() {
        Sealed order = quarantineOne();
        Sealed otherBytes = site.crawlerKey.seal(
                SealKind.RECEIPT,
                statement(order, Outcome.QUARANTINED, "").toBuilder()
                        .setOrderDigest(content("other").bytes())
                        .build());
        Sealed neverGiven = site.crawlerKey.seal(
                SealKind.RECEIPT,
                statement(order, Outcome.QUARANTINED, "").toBuilder()
                        .setOrderId(ByteString.copyFrom(new byte[16]))
                        .build());
        for (Sealed wrong : List.of(otherBytes, neverGiven, site.receipt(order, Outcome.PURGED, ""))) {
            assertInstanceOf(Acknowledged.Malformed.class, site.acknowledge(wrong));
        }
        assertEquals(List.of("QUARANTINE_ORDERED"), site.states());
    }

    @Test
    void crawlerCannotAnswerForAnotherStorage() {
        Sealed order = quarantineOne();
        RemovalFixture other = new RemovalFixture(DATABASE.database());
        Acknowledged denied = site.database.transaction(handle -> new Acknowledgement(site.findings, site::append)
                .take(handle, List.of(other.receipt(order, Outcome.QUARANTINED, "")), other, site.now));
        assertInstanceOf(Acknowledged.Denied.class, denied);
        assertTrue(
                other.outbox(VISIBILITY).next(other.storage, 8, Duration.ZERO).isEmpty());
    }

    @Test
    void failureIsOrderedAgainAndThenIsFinal() {
        Sealed order = quarantineOne();
        for (int attempt = 1; attempt < Findings.ORDER_ATTEMPTS; attempt++) {
            site.acknowledge(site.receipt(order, Outcome.FAILED, "disk full"));
            assertEquals(List.of("QUARANTINE_ORDERED"), site.states());
            Sealed again = pull().getFirst();
            assertTrue(!read(again).getOrderId().equals(read(order).getOrderId()), "a new attempt is a new order");
            order = again;
        }
        site.acknowledge(site.receipt(order, Outcome.FAILED, "disk full"));
        assertEquals(List.of("FAILED disk full"), site.states());
        assertTrue(pull().isEmpty());
    }

    @Test
    void refusedAndGoneAreRemembered() {
        site.record(Action.PURGE, rulings(flagged("b", "one"), flagged("c", "two")));
        List<Sealed> orders = pull();
        site.acknowledge(
                site.receipt(orders.get(0), Outcome.REFUSED, "changed since the scan"),
                site.receipt(orders.get(1), Outcome.GONE, ""));
        assertEquals(List.of("REFUSED changed since the scan", "GONE"), site.states());
    }

    @Test
    void releaseAllowsTheContentAndItsCopies() {
        Sealed order = quarantineOne();
        site.acknowledge(site.receipt(order, Outcome.QUARANTINED, ""));
        site.record(Action.OBSERVE, rulings(flagged("c", "one"), flagged("d", "two")));
        Enforced released = site.database.transaction(
                handle -> site.findings.release(handle, new FindingId(site.ids().getFirst()), PERSON, site.now));
        assertEquals(1, assertInstanceOf(Enforced.Done.class, released).orders());
        assertEquals(List.of("RELEASE_ORDERED", "ALLOWED", "OBSERVED"), site.states());
        assertTrue(site.allowlist.contains(content("one")));
        Sealed release = pull().getFirst();
        assertEquals(read(order).getOrderId(), read(release).getQuarantineOrderId());
        assertEquals("alice", read(release).getAuthorisedBy());
        site.acknowledge(site.receipt(release, Outcome.RELEASED, ""));
        assertEquals("RELEASED", site.states().getFirst());
    }

    /// A copy whose removal is ordered and not carried out yet, when a person says that its content is
    /// innocent: the order is handed out as one to be refused.
    @Test
    void allowingAContentWithdrawsTheOpenOrdersForItsCopies() {
        site.record(Action.PURGE, rulings(flagged("c", "one"), flagged("d", "two")));
        assertEquals(
                List.of(false, false),
                outbox.next(site.storage, 256, Duration.ZERO).stream()
                        .map(OpenOrder::withdrawn)
                        .toList());
        site.now = site.now.plusSeconds(3_600);
        site.allow("two");
        List<OpenOrder> handedOut = outbox.next(site.storage, 256, Duration.ZERO);
        assertEquals(
                List.of("c", "d"),
                handedOut.stream().map(order -> read(order.sealed()).getKey()).toList());
        assertEquals(
                List.of(false, true),
                handedOut.stream().map(OpenOrder::withdrawn).toList());
        site.acknowledge(site.receipt(handedOut.getLast().sealed(), Outcome.REFUSED, "allowed since"));
        assertEquals(List.of("PURGE_ORDERED", "REFUSED allowed since"), site.states());
    }

    /// A repeated order is one with the first; what a person orders afterwards, by name, is not withdrawn.
    @Test
    void onlyWhatWasOrderedBeforeIsWithdrawn() {
        site.record(Action.OBSERVE, rulings(flagged("c", "one")));
        enforceAll();
        site.now = site.now.plusSeconds(60);
        site.allow("one");
        site.now = site.now.plusSeconds(60);
        site.acknowledge(site.receipt(pull().getFirst(), Outcome.FAILED, "denied"));
        OpenOrder repeated = outbox.next(site.storage, 256, Duration.ZERO).getFirst();
        assertTrue(repeated.withdrawn());
        site.acknowledge(site.receipt(repeated.sealed(), Outcome.REFUSED, "allowed since"));
        enforceAll();
        assertFalse(outbox.next(site.storage, 256, Duration.ZERO).getFirst().withdrawn());
    }

    private void enforceAll() {
        site.database.transaction(handle -> site.findings.enforce(
                handle,
                Set.of(site.storage),
                site.ids().stream().map(FindingId::new).toList(),
                Removal.QUARANTINE,
                PERSON,
                site.now));
    }

    /// A ruling that was made before the content was allowed, and written after that.
    @Test
    void theModesOrderForAllowedContentIsWithdrawnWhenever() {
        site.allow("one");
        site.now = site.now.plusSeconds(60);
        site.record(Action.QUARANTINE, rulings(flagged("c", "one")));
        assertTrue(outbox.next(site.storage, 256, Duration.ZERO).getFirst().withdrawn());
    }

    @Test
    void quarantinedFindingIsPurgedByTheOrderThatQuarantinedIt() {
        Sealed order = quarantineOne();
        site.acknowledge(site.receipt(order, Outcome.QUARANTINED, ""));
        site.database.transaction(handle -> site.findings.enforce(
                handle,
                Set.of(site.storage),
                site.ids().stream().map(FindingId::new).toList(),
                Removal.PURGE,
                PERSON,
                site.now));
        Sealed purge = pull().getFirst();
        assertEquals(read(order).getOrderId(), read(purge).getQuarantineOrderId());
        assertEquals(OrderStatement.Authority.PERSON, read(purge).getAuthority());
        site.acknowledge(site.receipt(purge, Outcome.REFUSED, "locked"));
        assertEquals(List.of("QUARANTINED PURGE REFUSED: locked"), site.states());
    }

    /// A crawler purges so many an hour; what is to be hidden or brought back does not stand behind those.
    @Test
    void purgesAreHandedOutBehindAllElse() {
        site.record(Action.PURGE, rulings(flagged("a", "one")));
        site.record(Action.QUARANTINE, rulings(flagged("b", "two")));
        assertEquals(
                List.of(RemovalAction.QUARANTINE, RemovalAction.PURGE),
                pull().stream().map(order -> read(order).getAction()).toList());
    }

    @Test
    void personsOrdersAreHandedOutBeforeThoseOfTheMode() {
        site.record(Action.OBSERVE, rulings(flagged("a", "one")));
        List<FindingId> observed = site.ids().stream().map(FindingId::new).toList();
        site.record(Action.QUARANTINE, rulings(flagged("b", "two")));
        site.database.transaction(handle ->
                site.findings.enforce(handle, Set.of(site.storage), observed, Removal.QUARANTINE, PERSON, site.now));
        assertEquals(
                List.of(OrderStatement.Authority.PERSON, OrderStatement.Authority.SITE_MODE),
                pull().stream().map(order -> read(order).getAuthority()).toList());
    }

    @Test
    void noMoreOrdersAreOutThanTheLimit() {
        site.record(
                Action.QUARANTINE,
                rulings(IntStream.range(0, 20)
                        .mapToObj(i -> flagged("b" + i, "object " + i))
                        .toArray(FlaggedObject[]::new)));
        assertEquals(10, outbox.next(site.storage, 10, Duration.ZERO).size());
        List<OpenOrder> rest = outbox.next(site.storage, 10, Duration.ZERO);
        assertEquals(6, rest.size(), "16 may be out at once");
        assertTrue(outbox.next(site.storage, 10, Duration.ZERO).isEmpty());
        outbox.answered(rest.stream().map(OpenOrder::id).toList());
        assertEquals(6, outbox.next(site.storage, 10, Duration.ZERO).size());
    }

    @Test
    void waitingCrawlerIsToldOfNewOrders() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = threads.submit(() -> outbox.next(site.storage, 8, Duration.ofSeconds(5)));
            site.record(Action.QUARANTINE, rulings(flagged("b", "one")));
            outbox.hint();
            assertEquals(1, waiting.get().size());
        }
    }

    private Sealed quarantineOne() {
        site.record(Action.QUARANTINE, rulings(flagged("b", "one")));
        return pull().getFirst();
    }

    private List<Sealed> pull() {
        return outbox.next(new StorageId(site.storage.value()), 256, Duration.ZERO).stream()
                .map(OpenOrder::sealed)
                .toList();
    }
}
