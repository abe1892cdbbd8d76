package org.picket.coordinator;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.picket.coordinator.fleet.Fleet;
import org.picket.coordinator.lease.Leases;
import org.picket.coordinator.lease.Term;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.Listings;
import org.picket.proto.id.ListingId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a coordinator true to what others do on the same database: whom they silence, which listings they
/// begin, grow and end, and whether they live. All of it is read again and again, never told, so nothing is
/// missed.
///
/// For one thread at a time.
final class Neighbours {
    private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);

    /// Signs of life between two sweeps of all dead terms, though none is new: one may have claimed shards
    /// when it did not know yet.
    private static final int SWEEP_EVERY_BEATS = 6;

    private final Fleet fleet;
    private final Listings listings;
    private final Leases leases;
    private final Term term;
    private final Consumer<List<Listing>> seen;
    private final Set<Long> swept = new HashSet<>();
    private int beats;
    private boolean replaced;

    /// @param seen hears of all open listings, each time they are looked at
    Neighbours(Fleet fleet, Listings listings, Leases leases, Term term, Consumer<List<Listing>> seen) {
        this.seen = seen;
        this.fleet = fleet;
        this.listings = listings;
        this.leases = leases;
        this.term = term;
    }

    /// Looks at all of it.
    void follow() {
        fleet.follow().forEach(leases::revoke);
        // Read before the database is: what begins meanwhile is not taken for over.
        Set<ListingId> before = new HashSet<>(leases.listings());
        List<Listing> open = listings.open();
        seen.accept(open);
        open.forEach(listing -> {
            before.remove(listing.id());
            leases.grown(listing);
        });
        before.forEach(leases::ended);
        if (!replaced && term.due()) {
            beat(open);
        }
    }

    private void beat(Collection<Listing> open) {
        switch (term.beat()) {
            case Term.Beat.Lives(Map<Long, String> others, List<Long> dead) -> {
                beats++;
                leases.shared(others);
                if (!swept.containsAll(dead) || beats % SWEEP_EVERY_BEATS == 0) {
                    term.sweep(List.copyOf(open), dead);
                    swept.retainAll(dead);
                    swept.addAll(dead);
                }
            }
            case Term.Beat.Begun() -> {
                LOG.warn("this coordinator was out of reach of its database for so long that others gave away what it"
                        + " had leased; it begins anew, and what its agents had not reported is scanned again");
                leases.supersede();
                term.sweep(List.copyOf(open));
            }
            case Term.Beat.Replaced() -> {
                LOG.error("another coordinator of this name has started on the same database; granting no more");
                replaced = true;
                leases.drain();
            }
        }
    }
}
