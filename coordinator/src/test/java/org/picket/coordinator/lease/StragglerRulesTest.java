package org.picket.coordinator.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.lease.StragglerRules.Pace;
import org.picket.coordinator.lease.StragglerRules.Rest;
import org.picket.coordinator.lease.StragglerRules.Under;

class StragglerRulesTest {
    private static final Pace FAST = new Pace(100, true);
    private static final Pace HALF = new Pace(50, true);
    private static final Pace SLOW = new Pace(5, true);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration BEAT = Duration.ofSeconds(20);

    private static Rest rest(long leased, Pace... present) {
        return StragglerRules.rest(List.of(present), leased);
    }

    @Test
    void proofAndHalfTheFastestPaceMakeAFastAgent() {
        Rest rest = rest(0, FAST, HALF, SLOW, new Pace(1_000, false));
        assertEquals(new Rest(100, 150, 0), rest);
        assertEquals(Rest.NONE, rest(10, new Pace(1_000, false), Pace.UNKNOWN));
    }

    @Test
    void slowAgentGetsWhatItEndsNoLaterThanFastOnesEndAllOfIt() {
        assertEquals(Duration.ZERO, StragglerRules.kept(SLOW, 50, 1_000, rest(0, FAST, SLOW), LONGEST));
        assertEquals(Duration.ZERO, StragglerRules.kept(SLOW, 50, 100, rest(900, FAST, SLOW), LONGEST));
        assertEquals(
                Duration.ofSeconds(20), StragglerRules.kept(SLOW, 100, 1_200, rest(0, FAST, SLOW), LONGEST), "its own");
        assertEquals(LONGEST, StragglerRules.kept(SLOW, 500, 1_500, rest(0, FAST, SLOW), LONGEST), "no longer");
        assertEquals(
                Duration.ofSeconds(2 * 5 + 2),
                StragglerRules.kept(SLOW, 500, 300, rest(200, FAST, SLOW), LONGEST),
                "others are busy elsewhere");
    }

    @Test
    void nothingIsKeptFromFastAgentsNorForNobody() {
        assertEquals(Duration.ZERO, StragglerRules.kept(FAST, 500, 500, rest(0, FAST, HALF), LONGEST));
        assertEquals(Duration.ZERO, StragglerRules.kept(HALF, 500, 500, rest(0, FAST, HALF), LONGEST));
        assertEquals(Duration.ZERO, StragglerRules.kept(SLOW, 500, 500, rest(0, SLOW), LONGEST), "the only one");
        assertEquals(Duration.ZERO, StragglerRules.kept(Pace.UNKNOWN, 500, 500, rest(0, Pace.UNKNOWN), LONGEST));
    }

    @Test
    void newcomerGetsShardsAsLongAsThereAreMany() {
        assertEquals(Duration.ZERO, StragglerRules.kept(Pace.UNKNOWN, 500, 10_000, rest(0, FAST), LONGEST));
        assertEquals(LONGEST, StragglerRules.kept(Pace.UNKNOWN, 500, 1_500, rest(0, FAST), LONGEST));
    }

    @Test
    void shardThatFailedIsKeptForProvenAgents() {
        assertEquals(LONGEST, StragglerRules.keptForProven(Pace.UNKNOWN, rest(0, FAST), LONGEST));
        assertEquals(Duration.ZERO, StragglerRules.keptForProven(SLOW, rest(0, FAST), LONGEST));
        assertEquals(Duration.ZERO, StragglerRules.keptForProven(Pace.UNKNOWN, Rest.NONE, LONGEST));
    }

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
    void medianIsOfThoseThatAreKnown() {
        assertEquals(0, StragglerRules.median(DoubleStream.of(0, 0)), 0);
        assertEquals(90, StragglerRules.median(DoubleStream.of(100, 0, 90, 1e-9)), 0);
        assertEquals(100, StragglerRules.median(DoubleStream.of(4, 100)), 0);
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
