package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteSwitchTest {
    @TempDir
    private Path data;

    @Test
    void commandsTurnItOnAndOffWhereThereIsACrawler() throws IOException {
        assertEquals(Exit.USAGE, tell("stop-removals"));
        assertFalse(SiteSwitch.removalsStopped(data).isOn());
        Files.createFile(data.resolve("crawler.member"));
        assertEquals(Exit.COMPLETE, tell("stop-removals"));
        assertEquals(Exit.COMPLETE, tell("stop-removals"));
        assertTrue(SiteSwitch.removalsStopped(data).isOn());
        assertFalse(SiteSwitch.paused(data).isOn());
        assertEquals(Exit.COMPLETE, tell("allow-removals"));
        assertEquals(Exit.COMPLETE, tell("allow-removals"));
        assertFalse(SiteSwitch.removalsStopped(data).isOn());
        assertEquals(Exit.COMPLETE, tell("pause"));
        assertTrue(SiteSwitch.paused(data).isOn());
        assertEquals(Exit.COMPLETE, tell("resume"));
        assertFalse(SiteSwitch.paused(data).isOn());
    }

    private int tell(String command) {
        return Main.run("crawler", command, "--data", data.toString());
    }
}
