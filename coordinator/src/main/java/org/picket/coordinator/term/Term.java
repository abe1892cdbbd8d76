package org.picket.coordinator.term;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.shard.ShardStore;
import org.picket.proto.id.ListingId;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One life of a coordinator among those on its database. What a dead term leased is given back; a live one's
/// is touched by nobody else.
///
/// A term dies when its coordinator ends it, starts anew, or has shown no sign of life for as long as a lease lives
/// without a heartbeat. The last is said only by a coordinator that has itself looked at it all that time, and by
/// that one's own clock: after the database was away nobody is dead because of that, nor because clocks differ, as
/// after a fail-over to a server whose clock is behind. A coordinator that was held for so long finds its term ended
/// and begins another; what it had leased in the old one has no effect any more. Whether it may have been taken for
/// dead it tells by its own clock, though the database is out of its reach ([#silent]).
///
/// [#beat] is for one thread at a time, the rest for any number.
public final class Term {
    private static final Logger LOG = LoggerFactory.getLogger(Term.class);

    /// Beats within the time after which a coordinator is dead.
    private static final int BEATS = 6;

    /// A term that ended longer ago has been swept many times over.
    private static final Duration REMEMBERED = Duration.ofDays(30);

    /// Whose agents worked at a coordinator that was not seen for so long is not known.
    private static final Duration OPERATORS_REMEMBERED = Duration.ofHours(1);

    private final Database database;
    /// For what is written down.
    private final TimeSource time;
    /// For how long anybody was silent: a clock that is set ahead makes nobody dead.
    private final TimeSource steady;
    private final String coordinator;
    private final Duration deadAfter;
    private final UUID instance;
    private volatile long number;
    private volatile String address = "";
    private volatile Instant seen;
    private volatile Operating told = new Operating(0, Set.of());
    /// The others' last signs of life, for [#beat] alone. Bound by the terms that have not ended.
    private Map<Long, Watched> watched;

    private record Operating(long term, Set<OwnerId> owners) {}

    /// @param since when it was first looked at, by this coordinator's clock
    private record Watched(PostgresTerms.Sign sign, Instant since) {}

    private Term(Database database, TimeSource time, UUID instance, String coordinator, Duration deadAfter) {
        this.database = database;
        this.time = time;
        this.steady = time.steady();
        this.instance = instance;
        this.coordinator = coordinator;
        this.deadAfter = deadAfter;
        this.seen = steady.now();
        Instant now = time.now();
        this.number = database.transaction(handle -> {
            PostgresTerms.lockName(handle, coordinator);
            return PostgresTerms.begin(handle, coordinator, instance, address, now);
        });
        this.watched = watch(database.transaction(PostgresTerms::living), Map.of(), seen);
    }

    /// Begins a term, which ends all earlier ones of the same coordinator.
    ///
    /// @param instance this process, and no other
    /// @param coordinator its name, the same at each start, and no other's
    /// @param deadAfter without a sign of life
    public static Term begin(
            Database database, TimeSource time, UUID instance, String coordinator, Duration deadAfter) {
        return new Term(database, time, instance, coordinator, deadAfter);
    }

    /// Its number, where it has not ended, as the transaction sees it.
    public OptionalLong living(Handle handle) {
        long own = number;
        return PostgresTerms.lives(handle, own, instance) ? OptionalLong.of(own) : OptionalLong.empty();
    }

    /// Its number: higher than any before it.
    public long number() {
        return number;
    }

    /// Says where members reach this coordinator.
    public void reachedAt(String where) {
        address = where;
        database.useTransaction(handle -> PostgresTerms.reachedAt(handle, number, instance, where));
    }

    /// What a sign of life came to.
    public sealed interface Beat {
        /// All is well.
        ///
        /// @param others that live on this database, and where their coordinators are reached
        /// @param dead terms that ended
        record Lives(Map<Long, String> others, List<Long> dead) implements Beat {}

        /// Others took this coordinator for dead: it has begun another term, and nothing that it leased counts.
        record Begun() implements Beat {}

        /// Another process of this coordinator's name has started: this one must stop granting.
        record Replaced() implements Beat {}
    }

    /// Whether a sign of life is due.
    public boolean due() {
        return !steady.now().isBefore(seen.plus(deadAfter.dividedBy(BEATS)));
    }

    /// Whether it has been silent for half as long as makes it dead: others may soon go on without it.
    public boolean silent() {
        return !steady.now().isBefore(seen.plus(deadAfter.dividedBy(2)));
    }

    /// What one look at the others came to.
    private record Look(Beat.Lives beat, Map<Long, Watched> watched) {}

    /// Shows that this coordinator lives, and looks at the others.
    public Beat beat() {
        Instant now = steady.now();
        // Of what they did while it was silent it knows nothing.
        Map<Long, Watched> before = silent() ? Map.of() : watched;
        Optional<Look> look = database.transaction(handle -> say(handle, before, now));
        watched = look.map(Look::watched).orElse(Map.of());
        Beat beat = look.<Beat>map(Look::beat).orElseGet(this::beginAnew);
        switch (beat) {
            case Beat.Lives _ -> seen = now;
            case Beat.Begun() -> LOG.info("term {} has begun", number);
            case Beat.Replaced() -> LOG.debug("term {} is over", number);
        }
        return beat;
    }

    /// @return empty: this term has ended
    private Optional<Look> say(Handle handle, Map<Long, Watched> before, Instant now) {
        if (!PostgresTerms.beat(handle, number, instance, time.now())) {
            return Optional.empty();
        }
        Map<Long, Watched> present = watch(PostgresTerms.living(handle), before, now);
        present.values()
                .removeIf(other ->
                        !other.since().plus(deadAfter).isAfter(now) && PostgresTerms.end(handle, other.sign()));
        Map<Long, String> others = new HashMap<>();
        present.forEach((term, other) -> others.put(term, other.sign().address()));
        return Optional.of(new Look(new Beat.Lives(others, PostgresTerms.dead(handle)), present));
    }

    /// @param before what was seen at the last look
    private Map<Long, Watched> watch(List<PostgresTerms.Sign> living, Map<Long, Watched> before, Instant now) {
        Map<Long, Watched> present = new HashMap<>();
        for (PostgresTerms.Sign sign : living) {
            if (sign.term() != number) {
                Instant since = Optional.ofNullable(before.get(sign.term()))
                        .filter(last -> last.sign().seenAt().equals(sign.seenAt()))
                        .map(Watched::since)
                        .orElse(now);
                present.put(sign.term(), new Watched(sign, since));
            }
        }
        return present;
    }

    /// Unless another process of its name has: of two of one name the later one goes on. A term that this process
    /// began, and was not told of, is its own.
    private Beat beginAnew() {
        // After a machine slept its clock is behind.
        database.resync();
        Instant now = time.now();
        Instant begins = steady.now();
        Optional<Long> begun = database.transaction(handle -> {
            PostgresTerms.lockName(handle, coordinator);
            return PostgresTerms.replaced(handle, coordinator, instance, number)
                    ? Optional.empty()
                    : Optional.of(PostgresTerms.begin(handle, coordinator, instance, address, now));
        });
        if (begun.isEmpty()) {
            return new Beat.Replaced();
        }
        number = begun.get();
        seen = begins;
        return new Beat.Begun();
    }

    /// Whether others live on this database.
    public boolean shared() {
        return database.transaction(PostgresTerms::living).stream().anyMatch(other -> other.term() != number);
    }

    /// Tells the others whose agents work here, where that has changed, and hears whose work elsewhere.
    ///
    /// @param here some of them
    /// @return those seen of late by any coordinator
    public Set<OwnerId> operators(Set<OwnerId> here) {
        Instant limit = time.now().minus(OPERATORS_REMEMBERED);
        Operating own = new Operating(number, here);
        boolean changed = !own.equals(told);
        Set<OwnerId> all = database.transaction(handle -> {
            if (changed) {
                PostgresTerms.operators(handle, own.term(), instance, here);
            }
            return PostgresTerms.operators(handle, limit);
        });
        told = own;
        return all;
    }

    /// Where the coordinators on this database are reached, as far as they have said; those of dead terms not.
    public List<String> addresses() {
        return database.transaction(PostgresTerms::living).stream()
                .map(PostgresTerms.Sign::address)
                .filter(where -> !where.isEmpty())
                .distinct()
                .toList();
    }

    /// Gives back what dead terms hold of these listings.
    public void sweep(List<Listing> open) {
        sweep(open, database.transaction(PostgresTerms::dead));
    }

    /// As the other one, where it is known which terms are dead.
    public void sweep(List<Listing> open, List<Long> dead) {
        if (dead.isEmpty()) {
            return;
        }
        Long[] terms = dead.toArray(Long[]::new);
        for (Listing listing : open) {
            ListingId id = listing.id();
            int shards = database.transaction(handle -> ShardStore.voidTerms(handle, id, terms));
            if (shards > 0) {
                LOG.info("listing {}: {} shards leased in a term that has ended are open again", id, shards);
            }
        }
        Instant limit = time.now().minus(REMEMBERED);
        database.useTransaction(handle -> PostgresTerms.forget(handle, limit));
    }

    /// Ends it, so that its shards can be leased at once by others.
    public void end() {
        database.useTransaction(handle -> PostgresTerms.end(handle, number, instance));
    }
}
