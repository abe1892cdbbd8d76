package org.picket.crawler.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BrakeTest {
    private static final long SECOND = 1_000_000_000L;

    /// Goes on by what is waited, and counts it.
    private static final class Waited implements Brake.Clock {
        private long now = 5 * SECOND;
        private long waited;
        private long longest;

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void pause(long nanos) {
            now += nanos;
            waited += nanos;
            longest = Math.max(longest, nanos);
        }
    }

    private final Waited clock = new Waited();

    private Brake brake(SiteLimits limits) {
        return new Brake(
                limits,
                Commons.of((bytes, size, pixels, prints) -> new Viewed.Views(List.of(), List.of()), limits),
                clock);
    }

    private static SiteLimits limits(OptionalLong objects, OptionalLong read, OptionalLong send) {
        return new SiteLimits(objects, read, send);
    }

    @Test
    void withoutABoundNothingWaits() throws InterruptedException {
        Brake brake = brake(SiteLimits.NONE);
        for (int i = 0; i < 1_000; i++) {
            assertTrue(brake.read(1L << 40, () -> true));
            assertTrue(brake.send(1L << 40, () -> true));
        }
        assertEquals(0, clock.waited);
    }

    @Test
    void bytesReadKeepTheBoundOnAverage() throws InterruptedException {
        Brake brake = brake(limits(OptionalLong.empty(), OptionalLong.of(100_000), OptionalLong.empty()));
        long bytes = 0;
        for (int i = 1; i <= 100; i++) {
            assertTrue(brake.read(i * 1_000L, () -> false));
            bytes += i * 1_000L;
        }
        // All but the last are paid for.
        assertEquals((bytes - 100_000) * SECOND / 100_000, clock.waited);
        long before = clock.waited;
        assertTrue(brake.send(1L << 40, () -> false));
        assertEquals(before, clock.waited, "what is sent has no bound");
    }

    @Test
    void objectsAreCountedHoweverSmallAndTheNarrowerBoundHolds() throws InterruptedException {
        Brake brake = brake(limits(OptionalLong.of(4), OptionalLong.of(100_000), OptionalLong.empty()));
        for (int i = 0; i < 41; i++) {
            assertTrue(brake.read(1, () -> false));
        }
        assertEquals(10 * SECOND, clock.waited);
        assertTrue(brake.read(1_000_000, () -> false));
        clock.waited = 0;
        assertTrue(brake.read(1, () -> false));
        assertEquals(10 * SECOND, clock.waited);
    }

    @Test
    void viewsSentKeepTheirOwnBound() throws InterruptedException {
        Brake brake = brake(limits(OptionalLong.of(1), OptionalLong.of(1), OptionalLong.of(150_000)));
        for (int i = 0; i < 11; i++) {
            assertTrue(brake.send(150_000, () -> false));
        }
        assertEquals(10 * SECOND, clock.waited);
    }

    @Test
    void waitThatBecomesPointlessIsGivenUpSoonAndCostsTheNextNothing() throws InterruptedException {
        Brake brake = brake(limits(OptionalLong.empty(), OptionalLong.of(100_000), OptionalLong.empty()));
        assertTrue(brake.read(64_000_000, () -> false));
        long until = clock.now + 3 * SECOND;
        assertFalse(brake.read(64_000_000, () -> clock.now >= until));
        assertTrue(clock.longest <= SECOND / 2, () -> "it looks again after " + clock.longest + " ns");
        assertEquals(3 * SECOND, clock.waited);
        assertTrue(brake.read(1, () -> false));
        assertEquals(640 * SECOND, clock.waited);
    }
}
