package org.picket.agent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OutflowTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void withoutABoundNothingWaits() {
        Outflow outflow = new Outflow(OptionalLong.empty());
        outflow.went(1_000_000, 0);
        assertEquals(Optional.empty(), outflow.left(0));
        assertEquals(1_000_000, outflow.bytes());
    }

    @Test
    void whatWentOutIsPaidForBeforeTheNextLease() {
        Outflow outflow = new Outflow(OptionalLong.of(10_000));
        assertEquals(Optional.empty(), outflow.left(0));
        outflow.went(20_000, SECOND);
        outflow.went(10_000, 2 * SECOND);
        assertEquals(Optional.of(Duration.ofSeconds(2)), outflow.left(2 * SECOND));
        assertEquals(Optional.empty(), outflow.left(4 * SECOND));
        outflow.went(10_000, 100 * SECOND);
        assertEquals(
                Optional.of(Duration.ofSeconds(1)), outflow.left(100 * SECOND), "what was not used is not saved up");
    }
}
