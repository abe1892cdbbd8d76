package org.picket.agent.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BadContentsTest {
    private static final Instant DAY = Instant.parse("2026-01-01T00:00:00Z");
    private static final ByteString ONE = ByteString.copyFromUtf8("one");

    private final BadContents bad = new BadContents();

    private Instant until(Instant now) {
        bad.came(ONE, "wrong", now);
        Instant then = now;
        while (bad.refusal(ONE, then).isPresent()) {
            then = then.plusSeconds(60);
        }
        return then;
    }

    @Test
    void pauseDoublesFromTenMinutesToADay() {
        Instant now = DAY;
        for (long minutes : new long[] {10, 20, 40, 80, 160, 320, 640, 1_280, 1_440, 1_440}) {
            Instant then = until(now);
            assertEquals(Duration.ofMinutes(minutes), Duration.between(now, then));
            now = then;
        }
        bad.sound(ONE);
        assertEquals(Duration.ofMinutes(10), Duration.between(now, until(now)));
    }

    @Test
    void onlySoManyAreRemembered() {
        bad.came(ONE, "wrong", DAY);
        for (int other = 0; other < BadContents.MOST; other++) {
            assertTrue(bad.refusal(ONE, DAY).orElseThrow().contains("wrong; it is fetched again in"));
            bad.came(ByteString.copyFrom(new byte[] {(byte) other}), "wrong", DAY);
        }
        assertEquals(Optional.empty(), bad.refusal(ONE, DAY));
    }
}
