package org.picket.coordinator.lease;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.picket.proto.id.MemberId;

class LeaseTableTest {
    private static final MemberId AGENT = new MemberId(1);
    private static final Instant NOW = Instant.EPOCH;

    private final LeaseTable table = new LeaseTable(new Quotas(2));

    @Test
    void callsThatWaitCountAsLeases() {
        assertTrue(table.reserve(AGENT, NOW).isEmpty());
        assertTrue(table.reserve(AGENT, NOW).isEmpty());
        assertTrue(table.reserve(AGENT, NOW).isPresent());
        assertTrue(table.reserve(new MemberId(2), NOW).isEmpty());
    }

    @Test
    void placeGivenUpIsFreeAgain() {
        assertTrue(table.reserve(AGENT, NOW).isEmpty());
        assertTrue(table.reserve(AGENT, NOW).isEmpty());
        table.release(AGENT);
        assertTrue(table.reserve(AGENT, NOW).isEmpty());
        assertTrue(table.reserve(AGENT, NOW).isPresent());
    }
}
