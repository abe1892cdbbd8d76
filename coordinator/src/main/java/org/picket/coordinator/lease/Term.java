package org.picket.coordinator.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.shard.ShardStore;
import org.picket.proto.id.ListingId;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One life of a coordinator. What a dead term leased is given back; a live one's is touched by nobody else.
public final class Term {
    /// A coordinator that has not been seen for so long is dead: its leases have long expired.
    public static final Duration DEAD_AFTER = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(Term.class);

    private final Database database;
    private final TimeSource time;
    private final long number;

    private Term(Database database, TimeSource time, long number) {
        this.database = database;
        this.time = time;
        this.number = number;
    }

    /// Begins a term, which ends all earlier ones of the same coordinator.
    ///
    /// @param coordinator its name, the same at each start
    public static Term begin(Database database, TimeSource time, String coordinator) {
        Instant now = time.now();
        long number = database.transaction(handle -> PostgresTerms.begin(handle, coordinator, now));
        return new Term(database, time, number);
    }

    /// Its number: higher than any before it.
    public long number() {
        return number;
    }

    /// Shows that the coordinator lives.
    ///
    /// @return false where another start has ended this term: the coordinator must stop granting
    public boolean beat() {
        Instant now = time.now();
        return database.transaction(handle -> PostgresTerms.beat(handle, number, now));
    }

    /// Gives back what dead terms hold of these listings.
    public void sweep(List<Listing> open) {
        Instant limit = time.now().minus(DEAD_AFTER);
        Long[] dead = database.transaction(handle -> PostgresTerms.dead(handle, limit));
        if (dead.length == 0) {
            return;
        }
        for (Listing listing : open) {
            ListingId id = listing.id();
            int shards = database.transaction(handle -> ShardStore.voidTerms(handle, id, dead));
            if (shards > 0) {
                LOG.info("listing {}: {} shards leased in an earlier term are open again", id, shards);
            }
        }
    }

    /// Ends it, so that its shards can be leased at once by others.
    public void end() {
        database.useTransaction(handle -> PostgresTerms.end(handle, number));
    }
}
