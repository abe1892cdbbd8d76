package org.picket.agent.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class InflowTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int VIEW = 150_528;

    @Test
    void withoutABoundNothingWaits() {
        Inflow inflow = new Inflow(OptionalLong.empty());
        inflow.came(VIEW, 5);
        assertEquals(Duration.ZERO, inflow.left(5));
        assertEquals(64, inflow.window(64, 3, VIEW));
        assertEquals(VIEW, inflow.bytes());
    }

    @Test
    void whatCameIsPaidForBeforeMoreIsAskedFor() {
        Inflow inflow = new Inflow(OptionalLong.of(1_000_000));
        inflow.came(1_500_000, 7 * SECOND);
        assertEquals(Duration.ofMillis(1_500), inflow.left(7 * SECOND));
        inflow.came(500_000, 8 * SECOND);
        assertEquals(Duration.ofSeconds(1), inflow.left(8 * SECOND));
        assertEquals(Duration.ZERO, inflow.left(9 * SECOND));
        // Time in which nothing came is not saved up.
        inflow.came(1_000_000, 100 * SECOND);
        assertEquals(Duration.ofSeconds(1), inflow.left(100 * SECOND));
    }

    @Test
    void streamsThatAskAsSoonAsTheyMayKeepTheBoundOnAverage() {
        long most = 2_000_000;
        Inflow inflow = new Inflow(OptionalLong.of(most));
        int window = inflow.window(64, 3, VIEW);
        assertEquals(8, window);
        long now = 0;
        long frames = 3L * window;
        for (int i = 0; i < 3 * window; i++) {
            inflow.came(VIEW, now);
        }
        while (now < 100 * SECOND) {
            now += inflow.left(now).toNanos();
            frames += 2;
            inflow.came(VIEW, now);
            inflow.came(VIEW, now);
        }
        double rate = (double) frames * VIEW / 100;
        assertTrue(rate > most * 0.95 && rate < most * 1.05, () -> rate + " bytes/s");
    }

    @Test
    void smallestBoundLeavesRoomForAFewFrames() {
        assertEquals(4, new Inflow(OptionalLong.of(100_000)).window(64, 3, VIEW));
    }

    @Test
    void rateIsThatOfTheLastSeconds() {
        Inflow inflow = new Inflow(OptionalLong.empty());
        for (int second = 1; second <= 60; second++) {
            for (int part = 0; part < 10; part++) {
                inflow.came(100_000, second * SECOND + part * SECOND / 10);
            }
        }
        assertEquals(1_000_000, inflow.perSecond(61 * SECOND), 60_000);
        assertTrue(inflow.perSecond(200 * SECOND) < 10);
    }

    @Test
    void whatIsNoViewIsPaidForAndCountedAsNone() {
        Inflow inflow = new Inflow(OptionalLong.of(1_000_000));
        inflow.besides(2_000_000, -7 * SECOND);
        assertEquals(Duration.ofSeconds(2), inflow.left(-7 * SECOND));
        inflow.came(1_000_000, -7 * SECOND);
        assertEquals(Duration.ofSeconds(3), inflow.left(-7 * SECOND));
        assertEquals(1_000_000, inflow.bytes());
        assertEquals(Duration.ZERO, inflow.left(-4 * SECOND));
    }
}
