package org.picket.agent.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphicsCardsTest {
    @TempDir
    private Path folder;

    private void device(String name, String vendor, String kind) throws IOException {
        Path device = Files.createDirectory(folder.resolve(name));
        Files.writeString(device.resolve("vendor"), vendor + "\n");
        Files.writeString(device.resolve("class"), kind + "\n");
    }

    @Test
    void cardsAreCountedAndNotTheirSound() throws IOException {
        assertEquals(OptionalInt.of(0), GraphicsCards.nvidia(folder));
        device("0000:01:00.0", "0x10de", "0x030000");
        device("0000:01:00.1", "0x10de", "0x040300");
        device("0000:02:00.0", "0x10de", "0x030200");
        device("0000:03:00.0", "0x8086", "0x030000");
        Files.createDirectory(folder.resolve("0000:04:00.0"));
        assertEquals(OptionalInt.of(2), GraphicsCards.nvidia(folder));
    }

    @Test
    void whereTheSystemDoesNotTellNothingIsGuessed() {
        assertEquals(OptionalInt.empty(), GraphicsCards.nvidia(folder.resolve("none")));
    }
}
