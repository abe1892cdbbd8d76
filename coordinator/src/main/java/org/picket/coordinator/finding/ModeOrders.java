package org.picket.coordinator.finding;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.policy.Action;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.StorageId;
import org.picket.proto.limit.Limits;

/// Does with findings that a weaker mode left alone what the site's present mode says: known objects are not ruled
/// again, so nothing else would. So it is with what was refused or failed.
///
/// It is the machine that decides, and so as with a new ruling: by the present epoch's rulings alone, up to what rule
/// and mode allow, and not past a fuse. What is INCONCLUSIVE by now is left alone.
final class ModeOrders {
    private final Ordering ordering;

    ModeOrders(Ordering ordering) {
        this.ordering = Objects.requireNonNull(ordering);
    }

    /// What became of a page of findings.
    ///
    /// @param ordered for which an order is written
    /// @param held which wait for a person
    /// @param next where the next page begins; 0: there is none
    record Page(List<FindingId> ordered, List<FindingId> held, long next) {}

    /// @param afterId the last finding of the page before; 0 for the first
    Page next(Handle handle, StorageId storage, ModeTerms terms, long afterId, Instant now) {
        if (terms.enforcement().mode() == Action.OBSERVE) {
            return new Page(List.of(), List.of(), 0);
        }
        List<StoredFinding> undone = PostgresUndone.page(handle, storage, terms.epoch(), afterId, Limits.REMOVAL_BATCH);
        List<StoredFinding> page = undone.stream()
                .filter(one -> permitted(terms, one) != Action.OBSERVE)
                .toList();
        Function<StoredFinding, Optional<String>> holds = FloodFuse.holds(handle, storage, terms, page, now);
        List<FindingId> held = new ArrayList<>();
        List<OrderRequest> orders = new ArrayList<>();
        for (StoredFinding one : page) {
            Optional<String> hold = terms.lacking(one.ruling().ruleId()).or(() -> holds.apply(one));
            FindingCommand command = new FindingCommand.Rule(permitted(terms, one), hold);
            Findings.apply(handle, one, command, new Authority.SiteMode(), now).ifPresent(orders::add);
            if (hold.isPresent()) {
                held.add(one.id());
            }
        }
        ordering.order(handle, List.of(), orders, now);
        return new Page(
                orders.stream().map(order -> order.finding().id()).toList(),
                held,
                undone.size() < Limits.REMOVAL_BATCH ? 0 : undone.getLast().id().value());
    }

    private static Action permitted(ModeTerms terms, StoredFinding finding) {
        return terms.permitted(finding.ruling().ruleId(), finding.ruling().by());
    }
}
