package org.picket.coordinator;

import java.time.Duration;
import java.time.Instant;
import org.picket.runtime.time.TimeSource;

/// A clock that a test turns by hand.
public final class TurnedTime implements TimeSource {
    private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");

    private volatile Duration stepped = Duration.ZERO;

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public TimeSource steady() {
        return () -> now.minus(stepped);
    }

    /// Has the clock set ahead, while no time passes.
    public void step(Duration ahead) {
        stepped = stepped.plus(ahead);
        now = now.plus(ahead);
    }

    /// Lets time pass.
    public void pass(Duration span) {
        now = now.plus(span);
    }
}
