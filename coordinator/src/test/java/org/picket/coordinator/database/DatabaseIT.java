package org.picket.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Test
    void textIsOrderedByItsBytes() {
        long a = System.nanoTime();
        try (Database d = DATABASE.fresh()) {
            System.out.println("fresh ms " + (System.nanoTime() - a) / 1e6);
            String first = d.transaction(
                    handle -> handle.createQuery("SELECT min(k) FROM (VALUES ('a'), ('B'), ('é')) AS t(k)")
                            .mapTo(String.class)
                            .one());
            assertEquals("B", first);
        }
    }
}
