package org.picket.runtime.time;

import java.time.Instant;

/// The one way to learn the time. In a coordinator it follows the database's clock; elsewhere it serves what
/// people see. Tests and simulations hand in one that they turn by hand.
@FunctionalInterface
public interface TimeSource {
    /// The present instant. Never runs backwards within one process.
    Instant now();

    /// A clock that goes on at the same pace, and never steps: for spans within this process, which nothing that sets a
    /// clock may end. Its instants mean nothing beside those of others. A source that never steps is its own.
    default TimeSource steady() {
        return this;
    }

    /// This machine's clock as it is set, for what is held against instants that others have written down: it may be
    /// set back, and so keeps no promise.
    static TimeSource wall() {
        return java.time.Clock.systemUTC()::instant;
    }

    /// This machine's clock, but that it is never set back.
    static TimeSource system() {
        return SteadyClock.SYSTEM;
    }
}
