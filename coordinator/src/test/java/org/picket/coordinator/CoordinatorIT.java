package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.TestDatabase;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.ListingState;
import org.picket.proto.id.ListingId;
import org.picket.proto.v1.InconclusiveReason;

class CoordinatorIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final AtomicLong STORAGE = new AtomicLong();

    private Database database;
    private long storage;
    private Collective collective;
    private FakeCrawler crawler;

    @BeforeEach
    void start() {
        database = DATABASE.database();
        storage = STORAGE.incrementAndGet();
        collective = new Collective(database);
        collective.storage(storage, "epoch one");
        crawler = collective.crawler(storage);
    }

    @AfterEach
    void invariantsHold() {
        ShardInvariants.check(database);
        collective.close();
    }

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

    private void fill(int objects) {
        for (int i = 0; i < objects; i++) {
            crawler.put(Item.clean("k%04d".formatted(i)));
        }
    }

    private Listing listing(long id) {
        return collective.coordinator.listings().find(new ListingId(id)).orElseThrow();
    }
}
