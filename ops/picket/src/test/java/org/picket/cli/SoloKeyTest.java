package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.coordinator.authority.CollectiveKeys;
import org.picket.coordinator.database.Database;
import org.picket.proto.seal.SigningKey;

class SoloKeyTest {
    @TempDir
    private Path data;

    @Test
    void scanMakesItselfNoKeyWhereTheDatabaseIsACollectives() {
        Setting setting = Setting.forSelftest(data);
        try (Database database = Database.open(setting.database())) {
            new CollectiveKeys(database)
                    .settle(
                            "coordinator",
                            SigningKey.generate(new SecureRandom())
                                    .verifyingKey()
                                    .id());
        }
        UsageFault lacks = assertThrows(UsageFault.class, () -> Solo.open(setting));
        assertTrue(lacks.getMessage().contains("Copy it from another coordinator"), lacks::getMessage);
        Path keys = data.resolve("keys");
        assertFalse(Files.exists(keys.resolve("coordinator.key")));
        // Nor does it go on with another's.
        KeyFile.open(keys, "coordinator");
        UsageFault other = assertThrows(UsageFault.class, () -> Solo.open(setting));
        assertTrue(other.getMessage().contains("this database's collective has the key"), other::getMessage);
    }
}
