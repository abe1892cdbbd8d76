package org.picket.coordinator.removal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.picket.coordinator.removal.RemovalFixture.content;
import static org.picket.coordinator.removal.RemovalFixture.flagged;
import static org.picket.coordinator.removal.RemovalFixture.read;
import static org.picket.coordinator.removal.RemovalFixture.rulings;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.coordinator.database.TestDatabase;
import org.picket.coordinator.finding.Authority;
import org.picket.coordinator.finding.FlaggedObject;
import org.picket.coordinator.finding.Removal;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.removal.PostgresOrders.OpenOrder;
import org.picket.proto.id.FindingId;
import org.picket.proto.v1.ReceiptStatement.Outcome;
import org.picket.proto.v1.Sealed;

/// Orders of the site's mode whose objects a newer policy clears before anybody has carried them out.
class OverruledOrdersIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private RemovalFixture site;

    @BeforeEach
    void newStorage() {
        site = new RemovalFixture(DATABASE.database());
    }

    private List<OpenOrder> handedOut() {
        return site.outbox(Duration.ofSeconds(1)).next(site.storage, 256, Duration.ZERO);
    }

    private void enforceAll() {
        site.database.transaction(handle -> site.findings.enforce(
                handle,
                Set.of(site.storage),
                site.ids().stream().map(FindingId::new).toList(),
                Removal.QUARANTINE,
                new Authority.Person("alice"),
                site.now));
    }

    private void ruleAgain(Action mode, List<FlaggedObject> flagged, List<String> cleared) {
        site.epoch = content("a mended policy " + site.now);
        site.now = site.now.plusSeconds(3_600);
        site.record(mode, rulings(flagged, List.of(), cleared, List.of()));
    }

    @Test
    void theModesOrderForWhatANewerRulingClearedIsWithdrawn() {
        site.record(Action.PURGE, rulings(flagged("c", "one"), flagged("d", "two")));
        ruleAgain(Action.PURGE, List.of(flagged("d", "two")), List.of("c"));
        List<OpenOrder> orders = handedOut();
        assertEquals(
                List.of("d", "c"),
                orders.stream().map(order -> read(order.sealed()).getKey()).toList());
        assertEquals(
                List.of(false, true), orders.stream().map(OpenOrder::withdrawn).toList());
        assertEquals(List.of("PURGE_ORDERED a newer ruling cleared it", "PURGE_ORDERED"), site.states());
        site.acknowledge(site.receipt(orders.getLast().sealed(), Outcome.REFUSED, "withdrawn"));
        assertEquals(List.of("SUPERSEDED", "PURGE_ORDERED"), site.states());
        assertEquals(1, site.outbox().size());
    }

    /// Its crawler had begun with it.
    @Test
    void whatWasRemovedAllTheSameIsRemoved() {
        site.record(Action.QUARANTINE, rulings(flagged("c", "one")));
        Sealed order = site.outbox().getFirst();
        ruleAgain(Action.QUARANTINE, List.of(), List.of("c"));
        site.acknowledge(site.receipt(order, Outcome.QUARANTINED, ""));
        assertEquals(List.of("QUARANTINED"), site.states());
    }

    @Test
    void whatANewerRulingClearedIsNotOrderedAgainWhereTheStorageFailed() {
        site.record(Action.QUARANTINE, rulings(flagged("c", "one")));
        Sealed order = site.outbox().getFirst();
        ruleAgain(Action.QUARANTINE, List.of(), List.of("c"));
        site.acknowledge(site.receipt(order, Outcome.FAILED, "disk full"));
        assertEquals(List.of("SUPERSEDED"), site.states());
    }

    @Test
    void whatIsFlaggedOnceMoreIsOrderedAsBefore() {
        site.record(Action.QUARANTINE, rulings(flagged("c", "one")));
        ruleAgain(Action.QUARANTINE, List.of(), List.of("c"));
        ruleAgain(Action.QUARANTINE, List.of(flagged("c", "one")), List.of());
        assertFalse(handedOut().getFirst().withdrawn());
        assertEquals(List.of("QUARANTINE_ORDERED"), site.states());
    }

    @Test
    void whatAPersonOrderedNoRulingTakesBack() {
        site.record(Action.OBSERVE, rulings(flagged("c", "one")));
        enforceAll();
        ruleAgain(Action.QUARANTINE, List.of(), List.of("c"));
        OpenOrder order = handedOut().getFirst();
        assertFalse(order.withdrawn());
        site.acknowledge(site.receipt(order.sealed(), Outcome.REFUSED, "changed"));
        assertEquals(List.of("REFUSED changed"), site.states());
    }

    /// By name, after the mode had.
    @Test
    void whatAPersonOrdersTooIsOrderedAgain() {
        site.record(Action.QUARANTINE, rulings(flagged("c", "one")));
        ruleAgain(Action.QUARANTINE, List.of(), List.of("c"));
        enforceAll();
        assertFalse(handedOut().getFirst().withdrawn());
    }

    @Test
    void whatIsInconclusiveByNowIsOrderedAsBefore() {
        site.record(Action.QUARANTINE, rulings(flagged("c", "one")));
        ruleAgain(Action.QUARANTINE, List.of(), List.of("d"));
        assertFalse(handedOut().getFirst().withdrawn());
    }
}
