package org.picket.coordinator.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.feed.Pace;
import org.picket.coordinator.lease.StragglerRules.Under;

class StragglerRulesTest {
    private static final Pace FAST = new Pace(100, true);
    private static final Pace HALF = new Pace(50, true);
    private static final Pace SLOW = new Pace(5, true);
    private static final Duration BEAT = Duration.ofSeconds(20);

    @Test
    void leaseOfASlowAgentIsLateWhereAFastOneWouldBeDoneMuchSooner() {
        Under slow = new Under(500, 500, SLOW, Duration.ofSeconds(1));
        assertEquals(Optional.of(Duration.ofSeconds(100 - 15)), StragglerRules.late(slow, 100, BEAT));
        assertTrue(StragglerRules.late(slow, 0, BEAT).isEmpty(), "nobody has nothing to do");
        assertTrue(StragglerRules.late(new Under(60, 60, SLOW, BEAT), 5, BEAT).isEmpty(), "no faster one");
        assertTrue(StragglerRules.late(new Under(30, 20, SLOW, BEAT), 100, BEAT).isEmpty(), "it is nearly done");
        assertTrue(
                StragglerRules.late(new Under(500, 1_000, HALF, BEAT), 100, BEAT)
                        .isEmpty(),
                "it is fast, too");
    }

    @Test
    void wordOfASlowAgentDoesNotKeepItsLease() {
        Under claimsAll = new Under(500, 0, SLOW, Duration.ofSeconds(10));
        assertEquals(
                Optional.of(Duration.ofSeconds(100 - 10 - 15)),
                StragglerRules.late(claimsAll, 100, BEAT),
                "its pace leaves 90 s");
        Under overdue = new Under(50, 0, SLOW, Duration.ofSeconds(10 + 20 + 6 + 1));
        assertEquals(Optional.of(Duration.ofSeconds(1)), StragglerRules.late(overdue, 100, BEAT));
        Under inTime = new Under(50, 0, SLOW, Duration.ofSeconds(10 + 20 + 6));
        assertTrue(StragglerRules.late(inTime, 100, BEAT).isEmpty(), "it may be about to report");
    }

    @Test
    void leaseOfAFastAgentIsLateOnceItHasBeenSilentForTooLong() {
        Under silent = new Under(500, 500, FAST, Duration.ofSeconds(20 + 15 + 1));
        assertEquals(Optional.of(Duration.ofSeconds(1)), StragglerRules.late(silent, 100, BEAT));
        assertTrue(StragglerRules.late(new Under(500, 500, FAST, Duration.ofSeconds(35)), 100, BEAT)
                .isEmpty());
        Under unknown = new Under(500, 500, Pace.UNKNOWN, Duration.ofSeconds(36));
        assertTrue(StragglerRules.late(unknown, 100, BEAT).isPresent());
    }
}
