package org.picket.agent.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.picket.proto.v1.DirectRoute;

class UnreachedTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final DirectRoute ROUTE =
            DirectRoute.newBuilder().setAddress("192.0.2.1:7444").build();

    private final Unreached unreached = new Unreached();

    @Test
    void crawlerThatWasReachedIsTriedEachTime() {
        assertTrue(unreached.tries(ROUTE, NOW));
        assertTrue(unreached.tries(ROUTE, NOW));
        unreached.reached(ROUTE);
        assertTrue(unreached.tries(ROUTE, NOW));
    }

    @Test
    void crawlerThatWasNotReachedIsLeftAloneForAWhile() {
        unreached.failed(ROUTE, NOW, "UNAVAILABLE: refused");
        assertFalse(unreached.tries(ROUTE, NOW.plus(Unreached.FIRST).minusSeconds(1)));
        assertTrue(unreached.tries(ROUTE, NOW.plus(Unreached.FIRST)));
        assertFalse(unreached.tries(ROUTE, NOW.plus(Unreached.FIRST)), "two leases try at once");
    }

    @Test
    void leasesThatTriedAtOnceCountAsOneAndLaterFailuresLengthenTheWhile() {
        unreached.failed(ROUTE, NOW, "UNAVAILABLE: refused");
        unreached.failed(ROUTE, NOW.plusSeconds(1), "UNAVAILABLE: refused");
        Instant again = NOW.plus(Unreached.FIRST);
        assertTrue(unreached.tries(ROUTE, again));
        unreached.failed(ROUTE, again.plusSeconds(5), "UNAVAILABLE: refused");
        assertFalse(unreached.tries(ROUTE, again.plus(Unreached.FIRST).plusSeconds(60)));
        assertTrue(unreached.tries(
                ROUTE, again.plus(Unreached.FIRST.multipliedBy(2)).plusSeconds(5)));
    }

    @Test
    void successForgetsTheFailure() {
        unreached.failed(ROUTE, NOW, "UNAVAILABLE: refused");
        unreached.reached(ROUTE);
        assertTrue(unreached.tries(ROUTE, NOW));
    }

    @Test
    void personIsToldWhileViewsTakeTheOtherWay() {
        assertEquals(List.of(), unreached.lacks(NOW));
        unreached.failed(ROUTE, NOW, "UNAVAILABLE: refused");
        assertEquals(
                List.of("views come over the coordinator's relay: the crawler at 192.0.2.1:7444 could not be reached"
                        + " (UNAVAILABLE: refused); it is tried again after 10 min"),
                unreached.lacks(NOW.plusSeconds(1)));
        assertEquals(List.of(), unreached.lacks(NOW.plus(Unreached.FIRST)), "nobody has tried since");
        assertTrue(unreached.tries(ROUTE, NOW.plus(Unreached.FIRST)));
        assertEquals(1, unreached.lacks(NOW.plus(Unreached.FIRST)).size());
        unreached.reached(ROUTE);
        assertEquals(List.of(), unreached.lacks(NOW.plus(Unreached.FIRST)));
    }
}
