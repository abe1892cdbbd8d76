package org.picket.coordinator.lease;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.picket.proto.id.MemberId;

class LeaseTableTest {
    private static final MemberId AGENT = new MemberId(1);

    private final LeaseTable table = new LeaseTable(new Quotas(2));

    @Test
    void callsThatWaitCountAsLeases() {
        assertTrue(table.reserve(AGENT));
        assertTrue(table.reserve(AGENT));
        assertFalse(table.reserve(AGENT));
        assertTrue(table.reserve(new MemberId(2)));
    }

    @Test
    void placeGivenUpIsFreeAgain() {
        assertTrue(table.reserve(AGENT));
        assertTrue(table.reserve(AGENT));
        table.release(AGENT);
        assertTrue(table.reserve(AGENT));
        assertFalse(table.reserve(AGENT));
    }
}
