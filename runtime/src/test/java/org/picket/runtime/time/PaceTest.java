package org.picket.runtime.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000L;
    /// [System#nanoTime] may begin anywhere.
    private static final long START = -7 * SECOND;

    @Test
    void whatIsTakenGoesAtOnceAndIsPaidForByTheNext() {
        Pace pace = new Pace(1_000);
        assertEquals(0, pace.left(START));
        assertEquals(0, pace.take(5_000, START));
        assertEquals(5 * SECOND, pace.left(START));
        assertEquals(4 * SECOND, pace.take(500, START + SECOND));
        assertEquals(4 * SECOND + SECOND / 2, pace.take(1, START + SECOND));
    }

    @Test
    void timeInWhichNothingIsTakenIsNotSavedUp() {
        Pace pace = new Pace(1_000);
        pace.take(1_000, START);
        assertEquals(0, pace.take(1_000, START + 100 * SECOND));
        assertEquals(SECOND, pace.take(1_000, START + 100 * SECOND));
    }

    @Test
    void manyThatTakeTurnsKeepTheAverage() {
        Pace pace = new Pace(3);
        long until = 0;
        for (int i = 0; i <= 3_000; i++) {
            until = Math.max(until, pace.take(1, START));
        }
        assertEquals(1_000.0, (double) until / SECOND, 0.001);
    }

    @Test
    void whatIsGivenBackIsFreeForTheNext() {
        Pace pace = new Pace(1_000);
        pace.take(1_000, START);
        pace.take(60_000, START);
        pace.giveBack(60_000);
        assertEquals(SECOND, pace.take(1, START));
    }

    @Test
    void noPaceIsNone() {
        assertThrows(IllegalArgumentException.class, () -> new Pace(0));
    }
}
