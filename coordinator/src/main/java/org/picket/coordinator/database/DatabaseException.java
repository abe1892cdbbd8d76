package org.picket.coordinator.database;

/// The database cannot be started, reached or used. The message says what happened, to which directory or
/// address, and what to do about it; it never holds a password or a row.
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// A failure that this process found out by itself.
    public DatabaseException(String message) {
        super(message);
    }

    /// A failure with the deeper one that led to it.
    public DatabaseException(String message, Throwable cause) {
        super(message, cause);
    }
}
