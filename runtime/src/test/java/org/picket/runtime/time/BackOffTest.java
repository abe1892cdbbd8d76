package org.picket.runtime.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static final BackOff BACK_OFF = new BackOff(Duration.ofMillis(100), Duration.ofSeconds(1));

    @Test
    void doublesWithEachFailureUpToTheLongest() {
        assertEquals(Duration.ofMillis(100), BACK_OFF.whole(0));
        assertEquals(Duration.ofMillis(100), BACK_OFF.whole(1));
        assertEquals(Duration.ofMillis(200), BACK_OFF.whole(2));
        assertEquals(Duration.ofMillis(800), BACK_OFF.whole(4));
        assertEquals(Duration.ofSeconds(1), BACK_OFF.whole(5));
        assertEquals(Duration.ofSeconds(1), BACK_OFF.whole(Integer.MAX_VALUE));
    }

    @Test
    void liesBetweenHalfAndAllOfIt() {
        assertEquals(Duration.ofMillis(100), BACK_OFF.jittered(2, 0));
        assertEquals(Duration.ofMillis(150), BACK_OFF.jittered(2, 0.5));
        assertEquals(Duration.ofMillis(200), BACK_OFF.jittered(2, 1));
    }

    @Test
    void isInOrder() {
        assertThrows(IllegalArgumentException.class, () -> new BackOff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> new BackOff(Duration.ofSeconds(-1), Duration.ZERO));
    }
}
