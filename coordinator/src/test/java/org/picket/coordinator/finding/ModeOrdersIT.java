package org.picket.coordinator.finding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.picket.coordinator.removal.RemovalFixture.content;
import static org.picket.coordinator.removal.RemovalFixture.flagged;
import static org.picket.coordinator.removal.RemovalFixture.object;
import static org.picket.coordinator.removal.RemovalFixture.rulings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.coordinator.database.TestDatabase;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.Fuses;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.removal.RemovalFixture;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.proto.v1.OrderStatement;

/// What a stronger mode does with findings that a weaker one left alone.
class ModeOrdersIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final String POLICY = """
            id: "test"
            version: 1
            rule { id: "r1" category: "test.lighthouse" all { concept: "lighthouse" gte: 0.5 } action: PURGE }
            """;
    private static final Fuses TIGHT = new Fuses(0.1, 1_000, 5, 100);

    private RemovalFixture site;

    @BeforeEach
    void newStorage() {
        site = new RemovalFixture(DATABASE.database());
    }

    @Test
    void whatWasObservedIsOrderedAsTheSitesModeSays() {
        site.record(Action.OBSERVE, rulings(flagged("b", "one"), flagged("c", "two")));
        assertEquals(
                2, enforce(Action.QUARANTINE, RemovalFixture.WIDE).ordered().size());
        assertEquals(List.of("QUARANTINE_ORDERED", "QUARANTINE_ORDERED"), site.states());
        OrderStatement order = RemovalFixture.read(site.outbox().getFirst());
        assertEquals(OrderStatement.Authority.SITE_MODE, order.getAuthority());
        assertEquals("", order.getAuthorisedBy());
        assertEquals(0, enforce(Action.PURGE, RemovalFixture.WIDE).ordered().size(), "it is ordered twice");
    }

    @Test
    void observingOrdersNothing() {
        site.record(Action.OBSERVE, rulings(flagged("b", "one")));
        assertEquals(new ModeOrders.Page(List.of(), List.of(), 0), enforce(Action.OBSERVE, RemovalFixture.WIDE));
    }

    @Test
    void findingsOfAnotherEpochAreLeftAlone() {
        site.record(Action.OBSERVE, rulings(flagged("b", "one")));
        site.epoch = content("epoch 2");
        assertEquals(0, enforce(Action.PURGE, RemovalFixture.WIDE).ordered().size());
        assertEquals(List.of("OBSERVED"), site.states());
    }

    @Test
    void whatIsInconclusiveByNowIsRemovedInNoMode() {
        site.record(Action.OBSERVE, rulings(flagged("b", "one"), flagged("c", "two")));
        undecided("b", "version of one");
        assertEquals(1, enforce(Action.PURGE, RemovalFixture.WIDE).ordered().size());
        assertEquals(List.of("OBSERVED", "PURGE_ORDERED"), site.states());
    }

    @Test
    void noPersonOrdersWhatIsInconclusiveByNow() {
        site.record(Action.OBSERVE, rulings(flagged("b", "one"), flagged("c", "two")));
        undecided("b", "version of one");
        Authority.Person person = new Authority.Person("alice");
        Set<StorageId> here = Set.of(site.storage);
        FindingId first = new FindingId(site.ids().getFirst());
        Enforced named = site.database.transaction(
                handle -> site.findings.enforce(handle, here, List.of(first), Removal.PURGE, person, site.now));
        assertTrue(assertInstanceOf(Enforced.Refused.class, named).reason().contains("INCONCLUSIVE"));
        Enforced all = site.database.transaction(
                handle -> site.findings.enforceNext(handle, here, 0, Removal.PURGE, person, site.now));
        assertEquals(1, assertInstanceOf(Enforced.Done.class, all).orders());
        assertEquals(List.of("OBSERVED", "PURGE_ORDERED"), site.states());
    }

    @Test
    void othersAgentsHaveNothingPurged() {
        site.record(Action.OBSERVE, rulings(flagged("b", "one")));
        enforce(Action.PURGE, RemovalFixture.WIDE, false);
        assertEquals(List.of("QUARANTINE_ORDERED"), site.states());
    }

    @Test
    void whatWasRefusedOrFailedIsOrderedAgain() {
        site.record(Action.OBSERVE, rulings(flagged("b", "one"), flagged("c", "two"), flagged("d", "three")));
        List<String> states = List.of("REFUSED", "FAILED", "RELEASED");
        site.database.useTransaction(handle -> {
            for (int i = 0; i < states.size(); i++) {
                handle.execute(
                        "update finding set state = ? where finding_id = ?",
                        states.get(i),
                        site.ids().get(i));
            }
        });
        assertEquals(
                2, enforce(Action.QUARANTINE, RemovalFixture.WIDE).ordered().size());
        assertEquals(List.of("QUARANTINE_ORDERED", "QUARANTINE_ORDERED", "RELEASED"), site.states());
    }

    @Test
    void whatIsAllowedSinceIsNotOrderedAgain() {
        site.record(Action.OBSERVE, rulings(flagged("b", "one"), flagged("c", "two")));
        site.database.useTransaction(handle -> handle.execute(
                "update finding set state = 'REFUSED' where finding_id = ?",
                site.ids().getFirst()));
        site.allow("one");
        assertEquals(
                1, enforce(Action.QUARANTINE, RemovalFixture.WIDE).ordered().size());
        assertEquals(List.of("REFUSED", "QUARANTINE_ORDERED"), site.states());
    }

    @Test
    void floodThatWasObservedIsHeldThoughWhatCameAfterwardsIsClean() {
        site.record(Action.OBSERVE, TIGHT, rulings(flood(6)));
        clean(5_000);
        ModeOrders.Page page = enforce(Action.PURGE, TIGHT);
        assertEquals(0, page.ordered().size());
        assertEquals(6, page.held().size());
        assertTrue(site.states().getFirst().startsWith("HELD 6 of the last 6 objects are flagged"));
        assertTrue(tripped().isPresent());
        assertEquals(0, site.record(Action.PURGE, TIGHT, rulings(flagged("x", "later"))), "a trip stays");
    }

    @Test
    void floodOfAnotherEpochHoldsNothing() {
        site.record(Action.OBSERVE, TIGHT, rulings(flood(6)));
        site.epoch = content("a mended policy");
        site.record(Action.OBSERVE, TIGHT, rulings(List.of(flagged("b0", "flood 0")), List.of(), cleared(), List.of()));
        clean(1_000);
        assertEquals(1, site.record(Action.PURGE, TIGHT, rulings(flagged("x", "later"))));
        assertTrue(tripped().isEmpty());
    }

    @Test
    void whatNoFuseSawIsWeighedTogether() {
        site.record(Action.OBSERVE, TIGHT, rulings(flood(6)));
        site.database.useTransaction(handle -> PostgresFuse.reset(handle, site.storage));
        assertEquals(6, enforce(Action.PURGE, TIGHT).held().size());
    }

    @Test
    void contentAtTooManyPlacesIsHeldAlone() {
        Fuses fuses = new Fuses(1, 1_000, 1_000, 2);
        site.record(
                Action.OBSERVE,
                fuses,
                rulings(flagged("b", "same"), flagged("c", "same"), flagged("d", "same"), flagged("e", "other")));
        ModeOrders.Page page = enforce(Action.PURGE, fuses);
        assertEquals(3, page.held().size());
        assertEquals(1, page.ordered().size());
    }

    private static FlaggedObject[] flood(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> flagged("b" + i, "flood " + i))
                .toArray(FlaggedObject[]::new);
    }

    private static List<String> cleared() {
        return IntStream.range(1, 6).mapToObj(i -> "b" + i).toList();
    }

    private void clean(int count) {
        List<String> keys = IntStream.range(0, count).mapToObj(i -> "clean" + i).toList();
        site.record(Action.OBSERVE, TIGHT, rulings(List.of(), List.of(), keys, List.of()));
    }

    private void undecided(String key, String version) {
        InconclusiveObject one =
                new InconclusiveObject(object(key, version), InconclusiveReason.UNDECIDED_BY_POLICY, "nearly");
        site.record(Action.OBSERVE, rulings(List.of(), List.of(one), List.of(), List.of()));
    }

    private ModeOrders.Page enforce(Action mode, Fuses fuses) {
        return enforce(mode, fuses, true);
    }

    private ModeOrders.Page enforce(Action mode, Fuses fuses, boolean ownAgentsOnly) {
        Policy policy = Policy.parse(POLICY, Path.of(".")).orThrow();
        ModeTerms terms = new ModeTerms(site.epoch, new Enforcement(mode, fuses), policy, ownAgentsOnly);
        return site.database.transaction(handle -> site.findings.enforceMode(handle, site.storage, terms, 0, site.now));
    }

    private Optional<String> tripped() {
        return site.database.transaction(handle -> site.findings.tripped(handle, site.storage));
    }
}
