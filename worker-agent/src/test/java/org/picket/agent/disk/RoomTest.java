package org.picket.agent.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoomTest {
    private static final long GIGABYTE = 1_000_000_000;

    @TempDir
    private Path folder;

    @Test
    void diskIsNeverFilledToItsEnd() {
        long free = GIGABYTE + Room.RESERVE_BYTES;
        assertEquals(Optional.empty(), Room.lacking(GIGABYTE, free, folder));
        assertEquals(
                "it takes 1.0 GB, and 1.1 GB are free in " + folder + ", of which 67.1 MB stay free",
                Room.lacking(GIGABYTE, free - 1, folder).orElseThrow());
        assertTrue(Room.lacking(0, 0, folder).isPresent(), "the reserve is gone already");
    }

    @Test
    void foldersOwnDiskIsLookedAt() throws IOException {
        assertEquals(Optional.empty(), Room.lacking(1, folder));
        assertTrue(Room.lacking(1L << 60, folder).isPresent());
    }
}
