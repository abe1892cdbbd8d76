package org.picket.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class DatabaseFaultTest {
    @Test
    void fullDiskIsToldAsSuch() {
        String said = DatabaseFault.of(failure("53100"));
        assertTrue(said.startsWith("the disk of the coordinator's database is full"), said);
    }

    @Test
    void lostConnectionIsTriedAgain() {
        assertEquals(
                "the coordinator's database is away (SQLSTATE 08006); it is tried again",
                DatabaseFault.of(failure("08006")));
        assertEquals(
                "the coordinator's database is away; it is tried again",
                DatabaseFault.of(new IllegalStateException("no connection")));
    }

    @Test
    void wordsOfTheServerNeverLeave() {
        assertFalse(DatabaseFault.of(failure("23505")).contains("secret-key"));
    }

    private static RuntimeException failure(String state) {
        return new RuntimeException("outer", new RuntimeException(new SQLException("secret-key", state)));
    }
}
