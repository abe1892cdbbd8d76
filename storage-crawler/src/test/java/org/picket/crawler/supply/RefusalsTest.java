package org.picket.crawler.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    private static final Instant BEGIN = Instant.EPOCH;

    private final Refusals refusals = new Refusals();

    @Test
    void eachIsCountedAndOneAMinuteIsTold() {
        List<Long> told = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            long due = refusals.due(BEGIN.plusMillis(2L * i));
            if (due > 0) {
                told.add(due);
            }
        }
        assertEquals(List.of(1L, 30_000L), told);
        assertEquals(29_999 + 1, refusals.due(BEGIN.plus(Refusals.EVERY.multipliedBy(5))));
        assertEquals(60_001, refusals.count());
    }
}
