package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.finding.OrderRequest;
import org.picket.coordinator.finding.Removal;

/// What follows from a ruling by itself where the site has everything flagged destroyed.
class VouchedRemovalIT extends ScannedStorage {
    private List<Removal> ordered(long owner) {
        anotherStorage();
        collective.purgedStorage(storage, EPOCH);
        collective.orders.clear();
        fill(40);
        crawler.put(Item.flagged("k0007"));
        crawler.list();
        collective.agent(owner).work(crawler);
        return collective.orders.stream().map(OrderRequest::removal).toList();
    }

    @Test
    void onTheWordOfASitesOwnAgentAnObjectIsDestroyed() {
        assertEquals(List.of(Removal.PURGE), ordered(Collective.SITE.value()));
    }

    @Test
    void onTheWordOfSomebodyElsesAgentItIsQuarantinedAtMost() {
        assertEquals(List.of(Removal.QUARANTINE), ordered(Collective.SITE.value() + 1));
    }
}
