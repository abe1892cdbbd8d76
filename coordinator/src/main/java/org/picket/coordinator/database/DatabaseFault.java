package org.picket.coordinator.database;

import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;
import org.picket.runtime.telemetry.Traceback;

/// Why the database could not do something, in words that may leave the coordinator and be logged: they rest on the
/// SQLSTATE alone, since the server's own messages may hold keys.
public final class DatabaseFault {
    /// Causes are chains of a few; a ring of them would otherwise never end.
    private static final int DEPTH = 16;

    private static final String FULL = "53100";

    private DatabaseFault() {}

    /// One sentence: what happened and what to do.
    public static String of(Throwable failure) {
        return state(failure)
                .map(DatabaseFault::sentence)
                .orElse("the coordinator's database is away; it is tried again");
    }

    /// The same for the log, and where no database failed, from where the failure came: never a message, since those of
    /// a statement or a row name objects.
    public static String traced(Throwable failure) {
        return state(failure).map(DatabaseFault::sentence).orElseGet(() -> Traceback.of(failure));
    }

    private static String sentence(String state) {
        if (state.equals(FULL)) {
            return "the disk of the coordinator's database is full (SQLSTATE " + state
                    + "): free some space there; nothing that was acknowledged is lost";
        }
        // PostgreSQL's classes: 08 connections, 57 an operator's intervention.
        if (state.startsWith("08") || state.startsWith("57")) {
            return "the coordinator's database is away (SQLSTATE " + state + "); it is tried again";
        }
        return "the coordinator's database failed (SQLSTATE " + state + "); its own log says more";
    }

    private static Optional<String> state(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(DEPTH)
                .filter(SQLException.class::isInstance)
                .map(cause -> ((SQLException) cause).getSQLState())
                .filter(state -> state != null)
                .findFirst();
    }
}
