package org.picket.coordinator.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.proto.v1.SuppliedObject;

class SupplyRulesTest {
    @Test
    void absurdTimesAreTakenForTheNearestThatCanBeWritten() {
        assertEquals(Instant.parse("0001-01-01T00:00:00Z").toEpochMilli(), modified(Long.MIN_VALUE));
        assertEquals(Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli(), modified(Long.MAX_VALUE));
        assertEquals(-1, modified(-1));
    }

    private static long modified(long millis) {
        SuppliedObject object = SuppliedObject.newBuilder()
                .setKey("a")
                .setModifiedMillis(millis)
                .setGone(true)
                .build();
        return SupplyRules.read(object, Optional.empty()).orElseThrow().modifiedMillis();
    }
}
