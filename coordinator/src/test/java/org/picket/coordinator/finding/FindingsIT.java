package org.picket.coordinator.finding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.picket.coordinator.removal.RemovalFixture.content;
import static org.picket.coordinator.removal.RemovalFixture.flagged;
import static org.picket.coordinator.removal.RemovalFixture.object;
import static org.picket.coordinator.removal.RemovalFixture.rulings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.coordinator.database.TestDatabase;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.Fuses;
import org.picket.coordinator.removal.RemovalFixture;
import org.picket.coordinator.ruling.Ruling;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.OrderId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.proto.v1.LedgerBody;

class FindingsIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final Authority.Person PERSON = new Authority.Person("alice");

    private RemovalFixture site;

    @BeforeEach
    void newStorage() {
        site = new RemovalFixture(DATABASE.database());
    }

    @Test
    void observedFindingsCarryNoOrder() {
        assertEquals(0, site.record(Action.OBSERVE, rulings(flagged("b", "one"), flagged("c", "two"))));
        assertEquals(List.of("OBSERVED", "OBSERVED"), site.states());
        assertTrue(
                site.ledger.stream().allMatch(body -> body.getBodyCase() == LedgerBody.BodyCase.FINDING),
                "the ledger hears of findings and of no order");
    }

    @Test
    void rulingThatComesAgainMakesNoSecondFinding() {
        site.record(Action.OBSERVE, rulings(flagged("b", "one")));
        site.epoch = content("epoch 2");
        site.record(Action.OBSERVE, rulings(flagged("b", "one")));
        assertEquals(List.of("OBSERVED"), site.states());
    }

    @Test
    void observedFindingIsOrderedWhenRuledAgainInAStrongerMode() {
        site.record(Action.OBSERVE, rulings(flagged("b", "one")));
        assertEquals(1, site.record(Action.QUARANTINE, rulings(flagged("b", "one"))));
        assertEquals(List.of("QUARANTINE_ORDERED"), site.states());
    }

    @Test
    void modeAndRuleEachLimitWhatTheMachineDoes() {
        FlaggedObject careful = new FlaggedObject(
                object("b", "v"), content("one"), flagged("b", "one").ruling(), Action.QUARANTINE, Optional.empty());
        FlaggedObject observed = new FlaggedObject(
                object("c", "v"), content("two"), flagged("b", "one").ruling(), Action.OBSERVE, Optional.empty());
        assertEquals(2, site.record(Action.PURGE, rulings(careful, observed, flagged("d", "three"))));
        assertEquals(Set.of("QUARANTINE_ORDERED", "OBSERVED", "PURGE_ORDERED"), Set.copyOf(site.states()));
    }

    @Test
    void changedContentAtAKeyClosesTheOldFinding() {
        site.record(Action.OBSERVE, rulings(flagged("b", "one")));
        site.record(Action.OBSERVE, rulings(flagged("b", "other")));
        assertEquals(List.of("SUPERSEDED", "OBSERVED"), site.states());
    }

    @Test
    void clearedAndVanishedObjectsCloseTheirFindings() {
        site.record(Action.OBSERVE, rulings(flagged("b", "one"), flagged("c", "two"), flagged("d", "three")));
        site.record(Action.OBSERVE, rulings(List.of(), List.of(), List.of("b"), List.of("c")));
        assertEquals(List.of("SUPERSEDED", "GONE", "OBSERVED"), site.states());
    }

    @Test
    void inconclusiveObjectHasOneRowAndNoFinding() {
        InconclusiveObject corrupt =
                new InconclusiveObject(object("b", "v1"), InconclusiveReason.CORRUPT, "bad header");
        InconclusiveObject tooLong = new InconclusiveObject(object("b", "v2"), InconclusiveReason.TOO_LONG, "9 tiles");
        site.record(Action.PURGE, rulings(List.of(), List.of(corrupt), List.of(), List.of()));
        site.record(Action.PURGE, rulings(List.of(), List.of(tooLong), List.of(), List.of()));
        assertEquals(List.of("TOO_LONG"), inconclusive());
        assertTrue(site.states().isEmpty());
        site.record(Action.PURGE, rulings(List.of(), List.of(), List.of("b"), List.of()));
        assertTrue(inconclusive().isEmpty(), "a ruled object is inconclusive no more");
    }

    @Test
    void copiesOfFlaggedContentAreKnownUnderTheSameEpochOnly() {
        site.record(Action.OBSERVE, rulings(flagged("b", "known " + site.storage)));
        Digest known = content("known " + site.storage);
        Map<Digest, Ruling.Flagged> found = ask(site.epoch, known, content("never seen"));
        assertEquals(List.of(known), List.copyOf(found.keySet()));
        assertEquals(Ruling.Flagged.By.KNOWN_CONTENT, found.get(known).by());
        assertEquals(2, found.get(known).basis().size());
        assertTrue(ask(content("epoch 2"), known).isEmpty());
        StorageId elsewhere = new StorageId(site.storage.value() + 1_000_000);
        assertEquals(
                Map.of(),
                site.database.transaction(
                        handle -> site.findings.contentFlagged(handle, elsewhere, site.epoch, List.of(known))),
                "what one site flags, no other has to believe");
    }

    @Test
    void floodTripsTheFuseUntilAPersonDecides() {
        Fuses fuses = new Fuses(0.1, 1_000, 5, 100);
        FlaggedObject[] flood = IntStream.range(0, 6)
                .mapToObj(i -> flagged("b" + i, "flood " + i))
                .toArray(FlaggedObject[]::new);
        assertEquals(0, site.record(Action.QUARANTINE, fuses, rulings(flood)));
        assertTrue(site.states().getFirst().startsWith("HELD 6 of the last 6 objects are flagged"));
        assertTrue(tripped().isPresent());
        site.record(Action.QUARANTINE, fuses, rulings(List.of(), List.of(), manyKeys(900), List.of()));
        assertEquals(0, site.record(Action.QUARANTINE, fuses, rulings(flagged("c", "later"))), "a trip stays");
        assertEquals(
                7,
                done(site.database.transaction(handle -> site.findings.enforceNext(
                        handle, Set.of(site.storage), 0, Removal.QUARANTINE, PERSON, site.now))));
        assertTrue(tripped().isEmpty());
        assertEquals(1, site.record(Action.QUARANTINE, fuses, rulings(flagged("d", "after"))));
    }

    @Test
    void oneContentFlaggedTooOftenHoldsThatContentAlone() {
        Fuses fuses = new Fuses(1, 1_000, 1_000, 2);
        site.record(Action.QUARANTINE, fuses, rulings(flagged("b", "same"), flagged("c", "same")));
        site.record(Action.QUARANTINE, fuses, rulings(flagged("d", "same"), flagged("e", "another")));
        assertEquals(
                1,
                site.states().stream().filter(state -> state.startsWith("HELD")).count());
        site.now = site.now.plus(Duration.ofHours(2));
        assertEquals(1, site.record(Action.QUARANTINE, fuses, rulings(flagged("f", "same"))));
    }

    @Test
    void supersededContentIsNotKnownAnyMore() {
        Digest content = content("changed " + site.storage);
        site.record(Action.OBSERVE, rulings(flagged("b", "changed " + site.storage)));
        site.record(Action.OBSERVE, rulings(List.of(), List.of(), List.of("b"), List.of()));
        assertTrue(ask(site.epoch, content).isEmpty(), "what was cleared since flags no copy");
    }

    @Test
    void manyRulingsOfOneTransactionAreLoggedInParts() {
        List<Ruled> all = IntStream.range(0, 10)
                .mapToObj(part -> new Ruled(
                        site.context(Action.QUARANTINE, RemovalFixture.WIDE),
                        rulings(IntStream.range(0, 60)
                                .mapToObj(i -> flagged("b" + part + "-" + i, "content " + part + "-" + i))
                                .toArray(FlaggedObject[]::new))))
                .toList();
        int written = site.database.transaction(handle -> site.findings.record(handle, all));
        assertEquals(600, written);
        assertEquals(1_200, site.ledger.size());
        site.database.useTransaction(handle -> handle.createQuery(
                        "SELECT ledger_sequence, order_id FROM removal_order WHERE storage_id = ?")
                .bind(0, site.storage.value())
                .map((row, _) -> {
                    LedgerBody body = site.ledger.get(row.getInt("ledger_sequence"));
                    assertEquals(
                            new OrderId(row.getObject("order_id", UUID.class)),
                            OrderId.of(body.getOrder().getOrderId()));
                    return body;
                })
                .list());
    }

    @Test
    void missingQuorumHolds() {
        FlaggedObject alone = new FlaggedObject(
                object("b", "v"),
                content("one"),
                flagged("b", "one").ruling(),
                Action.PURGE,
                Optional.of("1 of 2 verdicts"));
        assertEquals(0, site.record(Action.PURGE, rulings(alone)));
        assertEquals(List.of("HELD 1 of 2 verdicts"), site.states());
    }

    @Test
    void enforcingNamedFindingsIsAllOrNothing() {
        site.record(Action.OBSERVE, rulings(flagged("b", "one"), flagged("c", "two")));
        List<FindingId> ids = site.ids().stream().map(FindingId::new).toList();
        Enforced unknown = enforce(List.of(ids.get(0), new FindingId(999_999_999)));
        assertEquals(new Enforced.Unknown(new FindingId(999_999_999)), unknown);
        assertEquals(List.of("OBSERVED", "OBSERVED"), site.states());
        assertEquals(2, done(enforce(ids)));
        assertEquals(List.of("PURGE_ORDERED", "PURGE_ORDERED"), site.states());
        assertEquals(0, done(enforce(ids)), "what is ordered is not ordered again");
    }

    @Test
    void findingOutsideQuarantineCannotBeReleased() {
        site.record(Action.OBSERVE, rulings(flagged("b", "one")));
        Enforced refused = site.database.transaction(
                handle -> site.findings.release(handle, new FindingId(site.ids().getFirst()), PERSON, site.now));
        assertInstanceOf(Enforced.Refused.class, refused);
        assertTrue(site.allowlist.isEmpty());
    }

    private Enforced enforce(List<FindingId> ids) {
        return site.database.transaction(
                handle -> site.findings.enforce(handle, Set.of(site.storage), ids, Removal.PURGE, PERSON, site.now));
    }

    private static int done(Enforced enforced) {
        return assertInstanceOf(Enforced.Done.class, enforced).orders();
    }

    private Map<Digest, Ruling.Flagged> ask(Digest epoch, Digest... contents) {
        return site.database.transaction(
                handle -> site.findings.contentFlagged(handle, site.storage, epoch, List.of(contents)));
    }

    private Optional<String> tripped() {
        return site.database.transaction(handle -> site.findings.tripped(handle, site.storage));
    }

    private static List<String> manyKeys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "clear" + i).toList();
    }

    private List<String> inconclusive() {
        return site
                .database
                .transaction(handle -> PostgresInconclusive.page(handle, Set.of(site.storage), 0, 10))
                .stream()
                .map(row -> row.object().reason().name())
                .toList();
    }
}
