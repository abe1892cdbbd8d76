package org.picket.coordinator;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.picket.coordinator.database.DatabaseFault;
import org.picket.coordinator.fleet.Fleet;
import org.picket.coordinator.lease.Leases;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.Listings;
import org.picket.coordinator.term.Term;
import org.picket.proto.id.ListingId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a coordinator true to what others do on the same database: whom they silence, which listings they
/// begin, grow and end, whose agents work for them, and whether they live. All of it is read again and again, never
/// told, so nothing is missed.
///
/// [#follow], [#beat] and [#settle] are each for one thread at a time, and wait for nothing of each other: a sign of
/// life never stands behind a sweep.
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
    private final Consumer<Boolean> accompanied;
    private final CompletableFuture<Void> replaced = new CompletableFuture<>();
    /// What the last sign of life came to, for [#settle].
    private final AtomicReference<Optional<Term.Beat>> heard = new AtomicReference<>(Optional.empty());
    private final Set<Long> swept = new HashSet<>();
    private int settled;
    private volatile boolean shared;

    /// @param seen hears of all open listings, each time they are looked at
    /// @param accompanied hears with each sign of life whether others live
    Neighbours(
            Fleet fleet,
            Listings listings,
            Leases leases,
            Term term,
            Consumer<List<Listing>> seen,
            Consumer<Boolean> accompanied) {
        this.seen = seen;
        this.accompanied = accompanied;
        this.fleet = fleet;
        this.listings = listings;
        this.leases = leases;
        this.term = term;
    }

    /// Looks, before anything is granted, who is silenced or drained, and whose agents work.
    void begin() {
        fleet.follow();
        operators();
    }

    /// Looks at what others changed.
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
        operators();
    }

    /// Tells whose agents work here, and hears whose work elsewhere.
    private void operators() {
        leases.operators().elsewhere(term.operators(leases.operators().here()));
    }

    /// Shows that this coordinator lives, where that is due.
    void beat() {
        if (replaced.isDone() || !term.due()) {
            return;
        }
        Term.Beat beat = term.beat();
        switch (beat) {
            case Term.Beat.Lives(Map<Long, String> others, List<Long> _) -> {
                shared = !others.isEmpty();
                accompanied.accept(shared);
            }
            case Term.Beat.Begun() -> {
                LOG.warn("this coordinator was out of reach of its database for so long that others gave away what it"
                        + " had leased; it begins anew, and what its agents had not reported is scanned again");
                leases.supersede();
            }
            case Term.Beat.Replaced() -> {
                LOG.error("another coordinator of this name has started on the same database; granting no more");
                leases.drain();
                replaced.complete(null);
            }
        }
        heard.set(Optional.of(beat));
    }

    /// Does what follows from the last sign of life: shares with those that live, and opens again what those
    /// leased that do not.
    void settle() {
        heard.getAndSet(Optional.empty()).ifPresent(beat -> {
            switch (beat) {
                case Term.Beat.Lives(Map<Long, String> others, List<Long> dead) -> {
                    settled++;
                    leases.shared(others);
                    if (!swept.containsAll(dead) || settled % SWEEP_EVERY_BEATS == 0) {
                        term.sweep(listings.open(), dead);
                        swept.retainAll(dead);
                        swept.addAll(dead);
                    }
                }
                case Term.Beat.Begun() -> term.sweep(listings.open());
                case Term.Beat.Replaced() -> LOG.debug("nothing is settled any more");
            }
        });
    }

    /// Whether others live, of which some may be within reach of the database, and this one is not: by its own
    /// clock, for half as long as makes it dead.
    boolean cutOff() {
        return shared && term.silent();
    }

    /// Looks now whether others live, where none did by the last sign of life: that may be seconds old, and another one
    /// may have come back since. May be called by any thread.
    void look() {
        if (shared) {
            return;
        }
        try {
            shared = term.shared();
        } catch (RuntimeException e) {
            LOG.info("whether another coordinator lives is not known: {}", DatabaseFault.of(e));
        }
    }

    /// Whether others go on with the work when this one ends.
    boolean others() {
        return shared && !replaced.isDone();
    }

    /// Done once another process of this coordinator's name has begun.
    CompletionStage<Void> replaced() {
        return replaced;
    }
}
