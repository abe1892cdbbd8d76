package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    private Path folder;

    @Test
    void usageThatCannotBeIsStatusTwo() {
        String data = folder.resolve("data").toString();
        assertEquals(Exit.USAGE, Main.run());
        assertEquals(Exit.USAGE, Main.run("scan"));
        assertEquals(Exit.USAGE, Main.run("scan", "--mode", "burn", "/x", "--data", data));
        assertEquals(Exit.USAGE, Main.run("scan", "--no-such-flag"));
        assertEquals(Exit.USAGE, Main.run("findings", "--json", "--csv", "--data", data));
        assertEquals(Exit.USAGE, Main.run("findings", "--data", data));
        assertEquals(Exit.USAGE, Main.run("findings", "enforce", "--action", "burn", "1", "--data", data));
        assertEquals(Exit.USAGE, Main.run("findings", "enforce", "--action", "purge", "--data", data));
        assertEquals(Exit.USAGE, Main.run("verify", "--data", data));
        assertEquals(Exit.USAGE, Main.run("samples", folder.toString(), "--count", "0"));
        assertEquals(
                Exit.USAGE, Main.run("bundle", "inspect", folder.resolve("none").toString()));
        assertEquals(false, Files.exists(folder.resolve("data")), "a mistyped command made a data folder");
    }

    @Test
    void helpAndVersionAreStatusZero() {
        assertEquals(Exit.COMPLETE, Main.run("--help"));
        assertEquals(Exit.COMPLETE, Main.run("scan", "--help"));
        assertEquals(Exit.COMPLETE, Main.run("--version"));
    }
}
