package org.picket.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DatabaseSettingsTest {

    @Test
    void defaultsAreWhatTheDocumentationSays() {
        assertEquals(128, new DatabaseSettings.Embedded(Path.of("data")).sharedBuffersMebibytes());
        assertEquals(new PoolSettings(16, Duration.ofSeconds(30), Duration.ofSeconds(10)), PoolSettings.standard());
    }

    @Test
    void directoryIsMadeAbsolute() {
        assertTrue(new DatabaseSettings.Embedded(Path.of("data")).dir().isAbsolute());
    }

    @Test
    void passwordIsNeverPrinted() {
        String printed = new DatabaseSettings.External(
                        "jdbc:postgresql://db.example:5432/picket?password=hidden", "picket", "secret")
                .toString();
        assertFalse(printed.contains("secret") || printed.contains("hidden"), printed);
        assertTrue(printed.contains("db.example"));
    }

    @Test
    void settingsOutOfBoundsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new DatabaseSettings.Embedded(Path.of("data"), 15));
        assertThrows(IllegalArgumentException.class, () -> new DatabaseSettings.Embedded(Path.of("data"), 65_537));
        assertThrows(IllegalArgumentException.class, () -> new DatabaseSettings.External("postgres://h/p", "u", "p"));
        Duration second = Duration.ofSeconds(1);
        assertThrows(IllegalArgumentException.class, () -> new PoolSettings(1, second, second));
        assertThrows(IllegalArgumentException.class, () -> new PoolSettings(257, second, second));
        assertThrows(IllegalArgumentException.class, () -> new PoolSettings(2, Duration.ofMillis(99), second));
        assertThrows(IllegalArgumentException.class, () -> new PoolSettings(2, second, Duration.ofMillis(249)));
    }
}
