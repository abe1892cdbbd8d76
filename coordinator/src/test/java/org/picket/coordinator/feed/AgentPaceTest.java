package org.picket.coordinator.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Context;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.proto.id.MemberId;

class AgentPaceTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final AgentPace pace = new AgentPace();
    private final Asking asking = new Asking(
            new MemberId(1), new OwnerId(1), new Equipment(Set.of()), pace, _ -> true, Granting.ALL, Context.ROOT);

    private static Instant at(int second) {
        return NOW.plusSeconds(second);
    }

    @Test
    void leasesSideBySideCountTheirTimeOnce() {
        pace.ruled(100, at(0), at(10));
        pace.ruled(100, at(0), at(20));
        pace.ruled(100, at(5), at(30));
        assertEquals(10, pace.pace().objectsPerSecond(), 1e-9);
    }

    @Test
    void timeWithoutALeaseDoesNotCountAndOldTimeIsForgotten() {
        pace.ruled(100, at(0), at(10));
        pace.ruled(100, at(1_000), at(1_010));
        assertEquals(10, pace.pace().objectsPerSecond(), 1e-9);
        for (int i = 0; i < 20; i++) {
            pace.ruled(20, at(2_000 + 20 * i), at(2_020 + 20 * i));
        }
        assertEquals(1, pace.pace().objectsPerSecond(), 0.05);
    }

    @Test
    void reportRightAfterTheGrantMakesNobodyFast() {
        pace.ruled(60, at(0), at(0).plusMillis(50));
        assertEquals(20, pace.pace().objectsPerSecond(), 1e-9);
        pace.completed();
        assertEquals(0, pace.measured(), "too short");
        pace.ruled(60, at(0), at(12));
        assertEquals(10, pace.measured(), 1);
        assertEquals(10, pace.pace().objectsPerSecond(), 1);
    }

    @Test
    void wordThatIsNoPaceChangesNothing() {
        pace.says(20);
        for (double none : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            pace.says(none);
        }
        assertEquals(20, pace.word(), 0);
    }

    @Test
    void completedLeaseProvesAnAgentUntilOneFails() {
        assertFalse(pace.pace().proven());
        pace.completed();
        assertTrue(pace.pace().proven());
        pace.failed();
        assertFalse(pace.pace().proven());
    }

    @Test
    void whoWaitsOrAskedJustNowHasNothingToDo() {
        assertFalse(pace.idle(at(0)));
        pace.asks(asking, at(0));
        assertTrue(pace.idle(at(20)));
        assertTrue(pace.present(at(20)));
        pace.answered(false, at(20));
        assertTrue(pace.idle(at(22)));
        assertFalse(pace.idle(at(24)));
        assertFalse(pace.present(at(21)));
        pace.asks(asking, at(30));
        pace.answered(true, at(30));
        assertFalse(pace.idle(at(30)));
    }
}
