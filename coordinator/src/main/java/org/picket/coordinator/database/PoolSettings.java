package org.picket.coordinator.database;

import java.time.Duration;

/// Limits of the connection pool.
///
/// @param connections the most connections open at once, 2 to 256
/// @param statementTimeout after which the server ends a statement, at least 100 ms
/// @param acquireTimeout the longest wait for a free connection, at least 250 ms
public record PoolSettings(int connections, Duration statementTimeout, Duration acquireTimeout) {
    private static final int LEAST_CONNECTIONS = 2;
    private static final int MOST_CONNECTIONS = 256;
    private static final Duration LEAST_STATEMENT_TIMEOUT = Duration.ofMillis(100);
    private static final Duration LEAST_ACQUIRE_TIMEOUT = Duration.ofMillis(250);

    public PoolSettings {
        if (connections < LEAST_CONNECTIONS || connections > MOST_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "connections must be %d to %d, not %d".formatted(LEAST_CONNECTIONS, MOST_CONNECTIONS, connections));
        }
        if (statementTimeout.compareTo(LEAST_STATEMENT_TIMEOUT) < 0) {
            throw new IllegalArgumentException("the statement timeout must be at least 100 ms");
        }
        if (acquireTimeout.compareTo(LEAST_ACQUIRE_TIMEOUT) < 0) {
            throw new IllegalArgumentException("the acquire timeout must be at least 250 ms");
        }
    }

    /// What a coordinator uses unless told otherwise: 16 connections, 30 s a statement, 10 s for a connection.
    public static PoolSettings standard() {
        return new PoolSettings(16, Duration.ofSeconds(30), Duration.ofSeconds(10));
    }
}
