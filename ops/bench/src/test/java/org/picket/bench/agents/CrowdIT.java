package org.picket.bench.agents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whether what the bench does is done right: nothing is timed.
@Tag("long")
class CrowdIT {
    private static final int AGENTS = 60;

    @TempDir
    private Path folder;

    @Test
    void agentsThatLoseTheirConnectionsAllAtOnceGoOn() throws Exception {
        SecureRandom random = new SecureRandom();
        try (Host host = Host.start(folder);
                Supply supply = Supply.join(host, random);
                Crowd crowd = supply.crowd()) {
            crowd.grow(host, AGENTS, random);
            supply.list(2_000);
            Crowd.Done calm = crowd.run(new Crowd.Plan(AGENTS, 1, 0, 4_000, 200, false), host::processors);
            assertTrue(calm.leases() >= AGENTS, calm::toString);
            assertEquals(0, calm.failed(), calm::toString);
            supply.list(2_000);
            Crowd.Done cut = crowd.run(new Crowd.Plan(AGENTS, 1, 0, 4_000, 200, true), host::processors);
            assertTrue(cut.failed() > 0, cut::toString);
            assertTrue(cut.leases() >= AGENTS, cut::toString);
        }
    }
}
