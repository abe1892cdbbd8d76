package org.picket.coordinator.content;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TagTableTest {
    @Test
    void newTagsAreFoundAndOldOnesGiveWay() {
        TagTable table = new TagTable(1_024);
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            long tag = random.nextLong() | 1;
            table.add(tag);
            assertTrue(table.contains(tag));
        }
        int found = 0;
        Random again = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            found += table.contains(again.nextLong() | 1) ? 1 : 0;
        }
        assertTrue(found <= 1_024);
        assertFalse(table.contains(new Random(2).nextLong() | 1));
    }

    @Test
    void halfFullTableForgetsNearlyNothing() {
        TagTable table = new TagTable(16_384);
        Random random = new Random(3);
        long[] tags = random.longs(8_192).toArray();
        for (long tag : tags) {
            table.add(tag);
        }
        int found = 0;
        for (long tag : tags) {
            found += table.contains(tag) ? 1 : 0;
        }
        assertTrue(found > 8_000, "found " + found);
    }
}
