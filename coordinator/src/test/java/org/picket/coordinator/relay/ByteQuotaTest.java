package org.picket.coordinator.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ByteQuotaTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final ByteQuota<String> quota = new ByteQuota<>(2_400);

    @Test
    void whatWasUsedComesBackEvenly() {
        assertTrue(quota.left("one", NOW));
        quota.take("one", 2_399, NOW);
        assertTrue(quota.left("one", NOW));
        quota.take("one", 101, NOW);
        assertFalse(quota.left("one", NOW));
        assertTrue(quota.left("two", NOW));
        assertFalse(quota.left("one", NOW.plus(Duration.ofMinutes(59))));
        assertTrue(quota.left("one", NOW.plus(Duration.ofMinutes(61))));
    }

    @Test
    void whoHasAllAgainIsForgotten() {
        quota.take("one", 2_400, NOW);
        quota.take("two", 100, NOW);
        quota.sweep(NOW.plus(Duration.ofHours(2)));
        assertEquals(1, quota.size());
        quota.sweep(NOW.plus(Duration.ofDays(2)));
        assertEquals(0, quota.size());
    }

    @Test
    void clockThatGoesBackGivesNothing() {
        quota.take("one", 2_400, NOW);
        assertFalse(quota.left("one", NOW.minus(Duration.ofHours(5))));
    }

    @Test
    void noneIsNone() {
        assertFalse(new ByteQuota<String>(0).left("one", NOW));
    }
}
