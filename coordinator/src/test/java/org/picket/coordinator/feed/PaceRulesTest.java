package org.picket.coordinator.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.feed.PaceRules.Rest;

class PaceRulesTest {
    private static final Pace FAST = new Pace(100, true);
    private static final Pace HALF = new Pace(50, true);
    private static final Pace SLOW = new Pace(5, true);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static Rest rest(long leased, Pace... present) {
        return PaceRules.rest(List.of(present), leased);
    }

    @Test
    void proofAndHalfTheFastestPaceMakeAFastAgent() {
        Rest rest = rest(0, FAST, HALF, SLOW, new Pace(1_000, false));
        assertEquals(new Rest(100, 150, 0), rest);
        assertEquals(Rest.NONE, rest(10, new Pace(1_000, false), Pace.UNKNOWN));
    }

    @Test
    void slowAgentGetsWhatItEndsNoLaterThanFastOnesEndAllOfIt() {
        assertEquals(Duration.ZERO, PaceRules.kept(SLOW, 50, 1_000, rest(0, FAST, SLOW), LONGEST));
        assertEquals(Duration.ZERO, PaceRules.kept(SLOW, 50, 100, rest(900, FAST, SLOW), LONGEST));
        assertEquals(Duration.ofSeconds(20), PaceRules.kept(SLOW, 100, 1_200, rest(0, FAST, SLOW), LONGEST), "its own");
        assertEquals(LONGEST, PaceRules.kept(SLOW, 500, 1_500, rest(0, FAST, SLOW), LONGEST), "no longer");
        assertEquals(
                Duration.ofSeconds(2 * 5 + 2),
                PaceRules.kept(SLOW, 500, 300, rest(200, FAST, SLOW), LONGEST),
                "others are busy elsewhere");
    }

    @Test
    void nothingIsKeptFromFastAgentsNorForNobody() {
        assertEquals(Duration.ZERO, PaceRules.kept(FAST, 500, 500, rest(0, FAST, HALF), LONGEST));
        assertEquals(Duration.ZERO, PaceRules.kept(HALF, 500, 500, rest(0, FAST, HALF), LONGEST));
        assertEquals(Duration.ZERO, PaceRules.kept(SLOW, 500, 500, rest(0, SLOW), LONGEST), "the only one");
        assertEquals(Duration.ZERO, PaceRules.kept(Pace.UNKNOWN, 500, 500, rest(0, Pace.UNKNOWN), LONGEST));
    }

    @Test
    void newcomerGetsShardsAsLongAsThereAreMany() {
        assertEquals(Duration.ZERO, PaceRules.kept(Pace.UNKNOWN, 500, 10_000, rest(0, FAST), LONGEST));
        assertEquals(LONGEST, PaceRules.kept(Pace.UNKNOWN, 500, 1_500, rest(0, FAST), LONGEST));
    }

    @Test
    void shardThatFailedIsKeptForProvenAgents() {
        assertEquals(LONGEST, PaceRules.keptForProven(Pace.UNKNOWN, rest(0, FAST), LONGEST));
        assertEquals(Duration.ZERO, PaceRules.keptForProven(SLOW, rest(0, FAST), LONGEST));
        assertEquals(Duration.ZERO, PaceRules.keptForProven(Pace.UNKNOWN, Rest.NONE, LONGEST));
    }

    @Test
    void medianIsOfThoseThatAreKnown() {
        assertEquals(0, PaceRules.median(DoubleStream.of(0, 0)), 0);
        assertEquals(90, PaceRules.median(DoubleStream.of(100, 0, 90, 1e-9)), 0);
        assertEquals(100, PaceRules.median(DoubleStream.of(4, 100)), 0);
    }
}
