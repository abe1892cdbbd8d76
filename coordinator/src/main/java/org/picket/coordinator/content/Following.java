package org.picket.coordinator.content;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.picket.coordinator.database.DatabaseFault;
import org.picket.coordinator.database.Horizon;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How far several things have been read that other coordinators write to, too: as a whole when somebody first asks,
/// and while others live, what came since.
///
/// Safe for any number of threads; those that ask for one thing wait for whoever reads it.
final class Following<K> {
    private static final Logger LOG = LoggerFactory.getLogger(Following.class);

    /// What is answered is no older.
    static final Duration EVERY = Duration.ofSeconds(1);

    /// Where reading is slow, or there is much to follow, the answer may be older: at most one part in so many
    /// of the time is read, all together.
    private static final int PARTS = 20;

    /// … but no longer than this: a read that failed after a long wait says nothing about the next.
    static final Duration LONGEST_REST = Duration.ofSeconds(30);

    private final TimeSource time;
    private final ConcurrentHashMap<K, Reached> all = new ConcurrentHashMap<>();
    /// Others may have written until then; as long as nothing is known of them, they may live.
    private volatile Instant othersUntil = Instant.MAX;
    /// Nothing is read again before.
    private volatile Instant restsUntil = Instant.MIN;

    /// @param at when that was
    /// @param again the earliest time to look again
    private record Reached(Horizon horizon, Instant at, Instant again) {}

    Following(TimeSource time) {
        this.time = time;
    }

    /// Tells whether other coordinators live.
    void others(boolean live) {
        if (live) {
            othersUntil = Instant.MAX;
        } else if (othersUntil.equals(Instant.MAX)) {
            othersUntil = time.now();
        }
    }

    /// Reads what may be new, if that is due.
    ///
    /// @param read what came since, and says how far it came; where it fails the first time, so does this
    void read(K key, UnaryOperator<Horizon> read) {
        Reached known = all.get(key);
        if (known == null || due(known)) {
            all.compute(key, (_, before) -> {
                if (before == null) {
                    Instant began = time.now();
                    return new Reached(read.apply(Horizon.NONE), began, began.plus(EVERY));
                }
                return due(before) ? again(before, read) : before;
            });
        }
    }

    private boolean due(Reached known) {
        Instant now = time.now();
        return !known.at().isAfter(othersUntil) && !now.isBefore(known.again()) && !now.isBefore(restsUntil);
    }

    private Reached again(Reached before, UnaryOperator<Horizon> read) {
        Instant began = time.now();
        Horizon horizon = before.horizon();
        try {
            horizon = read.apply(before.horizon());
        } catch (RuntimeException e) {
            LOG.warn(
                    "what other coordinators ruled cannot be read now, and may be scanned twice: {}",
                    DatabaseFault.of(e));
        }
        Instant ended = time.now();
        Duration rest = Duration.between(began, ended).multipliedBy(PARTS - 1);
        restsUntil = ended.plus(rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST);
        return new Reached(horizon, began, began.plus(EVERY));
    }
}
