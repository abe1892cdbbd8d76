package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WhenTest {
    private static final Instant NOW = Instant.parse("2026-11-21T06:00:00Z");

    @Test
    void spansDatesAndInstantsAreUnderstood() {
        assertEquals(Duration.ofDays(90), When.fromNow("90d", NOW));
        assertEquals(Duration.ofHours(12), When.fromNow("12h", NOW));
        assertEquals(Duration.ofMinutes(30), When.fromNow("30m", NOW));
        assertEquals(Duration.ofHours(18), When.fromNow("2026-11-22", NOW));
        assertEquals(Duration.ofHours(1), When.fromNow("2026-11-21T07:00:00Z", NOW));
    }

    @Test
    void whatIsNotInTheFutureOrNoTimeIsRefused() {
        for (String text : new String[] {"0d", "2026-11-21", "2026-11-21T06:00:00Z", "soon", "", "2026-02-30"}) {
            assertThrows(UsageFault.class, () -> When.fromNow(text, NOW), text);
        }
    }
}
