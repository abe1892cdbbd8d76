package org.picket.coordinator.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Whether a failed transaction is run again, and after how long.
///
/// Only where PostgreSQL says that it undid everything and that the same work may succeed: serialization
/// failure, deadlock, and a table of an earlier listing that was dropped between the look at its row and the
/// look into it. A lost connection is not among them, for nobody knows then whether the commit happened.
final class TransactionRetries {
    static final int MOST_ATTEMPTS = 6;

    private static final String SERIALIZATION_FAILURE = "40001";
    private static final String DEADLOCK_DETECTED = "40P01";
    private static final String UNDEFINED_TABLE = "42P01";
    private static final Set<String> PASSING = Set.of(SERIALIZATION_FAILURE, DEADLOCK_DETECTED, UNDEFINED_TABLE);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(4);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    private TransactionRetries() {}

    /// What to do about a failure.
    sealed interface Decision {
        record Again(Duration pause) implements Decision {}

        record GiveUp() implements Decision {}
    }

    /// @param attempt how many attempts were made, this one included; at least 1
    static Decision decide(Throwable failure, int attempt, RandomGenerator random) {
        boolean retryable = sqlState(failure).filter(PASSING::contains).isPresent();
        if (!retryable || attempt >= MOST_ATTEMPTS) {
            return new Decision.GiveUp();
        }
        // Full jitter: those who collided once would otherwise collide again.
        long ceiling = Math.min(FIRST_PAUSE.toNanos() << attempt, LONGEST_PAUSE.toNanos());
        return new Decision.Again(Duration.ofNanos(random.nextLong(ceiling + 1)));
    }

    /// The five characters by which PostgreSQL names an error, from wherever in the chain of causes they are.
    static Optional<String> sqlState(Throwable failure) {
        Set<Throwable> seen = new HashSet<>();
        Throwable cause = failure;
        while (cause != null && seen.add(cause)) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return Optional.of(sql.getSQLState());
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }
}
