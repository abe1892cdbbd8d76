package org.picket.runtime.membership;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RenewalTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration PAUSE = Duration.ofHours(16);
    private static final long BEGAN = Long.MAX_VALUE - 5;

    private final Renewal renewal = Renewal.after(PAUSE, NOON, BEGAN);

    @Test
    void isDueAfterASleepInWhichTheProcessesClockStoodStill() {
        assertFalse(renewal.isDue(NOON.plus(PAUSE).minusMillis(1), BEGAN + 1));
        assertTrue(renewal.isDue(NOON.plus(PAUSE), BEGAN + 1));
    }

    @Test
    void isDueThoughTheClockOnTheWallWasSetBack() {
        assertFalse(renewal.isDue(NOON.minus(PAUSE), BEGAN + PAUSE.toNanos() - 1));
        assertTrue(renewal.isDue(NOON.minus(PAUSE), BEGAN + PAUSE.toNanos()));
    }
}
