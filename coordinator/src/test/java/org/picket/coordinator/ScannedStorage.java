package org.picket.coordinator;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.TestDatabase;
import org.picket.coordinator.listing.Listing;
import org.picket.proto.id.ListingId;

/// A coordinator on a database of the test class's own, with one storage for each test and its crawler. After
/// each test what must hold of all shards is checked.
abstract class ScannedStorage {
    static final String EPOCH = "epoch one";

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final AtomicLong STORAGES = new AtomicLong();

    Database database;
    long storage;
    Collective collective;
    FakeCrawler crawler;

    @BeforeEach
    void start() {
        database = DATABASE.database();
        collective = new Collective(database);
        anotherStorage();
    }

    @AfterEach
    void invariantsHold() {
        ShardInvariants.check(database);
        collective.close();
    }

    /// Goes on with a storage that nothing was done to yet.
    final void anotherStorage() {
        storage = STORAGES.incrementAndGet();
        register();
        crawler = collective.crawler(storage);
    }

    /// Settles on what terms the storage is scanned.
    void register() {
        collective.storage(storage, EPOCH);
    }

    /// The crawler as it comes back after a coordinator's end: the same storage, and calls of its own.
    final FakeCrawler rejoined() {
        FakeCrawler again = collective.crawler(storage);
        again.items.putAll(crawler.items);
        return again;
    }

    /// Puts clean objects `k0000`, `k0001` … into the storage.
    final void fill(int objects) {
        for (int i = 0; i < objects; i++) {
            crawler.put(Item.clean("k%04d".formatted(i)));
        }
    }

    final Listing listing(long id) {
        return collective.coordinator.listings().find(new ListingId(id)).orElseThrow();
    }
}
