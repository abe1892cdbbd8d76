package org.picket.runtime.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    private static final Instant BEGUN = Instant.parse("2026-11-01T12:00:00Z");

    private Instant wall = BEGUN;
    private long nanos = Long.MAX_VALUE - 1_000;
    private final SteadyClock clock = new SteadyClock(() -> wall, () -> nanos);

    private Instant after(Duration span) {
        wall = wall.plus(span);
        nanos += span.toNanos();
        return clock.now();
    }

    @Test
    void isTheWallsWhereThatGoesOn() {
        assertEquals(BEGUN, clock.now());
        assertEquals(BEGUN.plusSeconds(5), after(Duration.ofSeconds(5)));
        // A fine adjustment of the wall's pace.
        wall = wall.minusMillis(20);
        assertEquals(BEGUN.plusMillis(5_980).plusSeconds(0), after(Duration.ofSeconds(1)));
    }

    @Test
    void followsTheWallAheadAsAfterASleep() {
        wall = wall.plus(Duration.ofHours(9));
        assertEquals(BEGUN.plus(Duration.ofHours(9)), clock.now());
    }

    @Test
    void goesOnSlowerWhereTheWallIsSetBackUntilItHasCaughtUp() {
        wall = wall.minus(Duration.ofMinutes(10));
        assertEquals(BEGUN, clock.now());
        assertEquals(BEGUN.plusSeconds(9), after(Duration.ofSeconds(10)));
        Instant before = clock.now();
        for (int i = 0; i < 1_000; i++) {
            Instant now = after(Duration.ofMillis(1));
            assertFalse(now.isBefore(before));
            before = now;
        }
        assertEquals(wall.plus(Duration.ofMinutes(10).minusMillis(1_100)), before);
        after(Duration.ofMinutes(100));
        assertEquals(wall, clock.now());
    }
}
