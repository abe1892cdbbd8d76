package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.ListingState;
import org.picket.proto.v1.InconclusiveReason;

class CoordinatorIT extends ScannedStorage {
    @Test
    void everyListedObjectIsRuledOnce() {
        fill(1_000);
        crawler.put(Item.flagged("k0100"));
        crawler.put(Item.clean("k0200").failing(InconclusiveReason.CORRUPT));
        long listing = crawler.list();

        assertTrue(collective.agent(1).work(crawler) > 2);

        Listing done = listing(listing);
        assertEquals(ListingState.COMPLETE, done.state());
        assertEquals(1_000, done.counts().listed());
        assertEquals(998, done.counts().cleared());
        assertEquals(1, done.counts().flagged());
        assertEquals(1, done.counts().inconclusive());
        assertEquals(0, done.counts().open());
        assertFalse(collective.ledger.isEmpty());
    }
}
