package org.picket.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ServerFailureTest {
    private static final Path DATA = Path.of("/data/database/cluster/data");

    @Test
    void fullDiskIsCalledThat() {
        String told = explain("PANIC:  could not write to file \"pg_wal/xlogtemp.7\": No space left on device");
        assertTrue(told.contains("is full") && told.contains(DATA.toString()), told);
    }

    @Test
    void missingRightsAreCalledThat() {
        assertTrue(explain("FATAL:  could not open file \"global/pg_control\": Permission denied")
                .contains("as the user who owns it"));
        assertTrue(
                explain("FATAL:  data directory \"/data\" has wrong ownership").contains("as the user who owns it"));
    }

    @Test
    void otherVersionIsCalledThat() {
        assertTrue(
                explain("FATAL:  database files are incompatible with server").contains("another version"));
    }

    @Test
    void lackOfMemoryIsCalledThat() {
        assertTrue(explain("FATAL:  could not map anonymous shared memory: Cannot allocate memory")
                .contains("shared buffers"));
    }

    @Test
    void damageIsCalledThat() {
        assertTrue(explain("PANIC:  could not locate a valid checkpoint record at 0/1")
                .contains("damaged"));
    }

    @Test
    void unknownTroubleIsQuotedByItsLastFatalLine() {
        assertEquals(
                "PostgreSQL said: FATAL:  something new",
                explain("LOG:  starting\nFATAL:  something new\nLOG:  shutting down"));
        assertEquals("PostgreSQL gave no reason", explain(""));
    }

    private static String explain(String log) {
        return ServerFailure.explain(log, DATA);
    }
}
