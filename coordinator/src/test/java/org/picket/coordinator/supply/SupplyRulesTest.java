package org.picket.coordinator.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.coordinator.shard.Fence;
import org.picket.coordinator.shard.RuledPast;
import org.picket.coordinator.shard.ShardKey;
import org.picket.coordinator.shard.Trial;
import org.picket.proto.id.LeaseId;
import org.picket.proto.id.ListingId;
import org.picket.proto.v1.SuppliedObject;
import org.picket.proto.v1.SupplyReport;

class SupplyRulesTest {
    @Test
    void absurdTimesAreTakenForTheNearestThatCanBeWritten() {
        assertEquals(Instant.parse("0001-01-01T00:00:00Z").toEpochMilli(), modified(Long.MIN_VALUE));
        assertEquals(Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli(), modified(Long.MAX_VALUE));
        assertEquals(-1, modified(-1));
    }

    private static SuppliedObject gone(String key) {
        return SuppliedObject.newBuilder().setKey(key).setGone(true).build();
    }

    @Test
    void keysAreMeasuredInBytes() {
        String letter = "\u65e5";
        assertTrue(SupplyRules.read(gone(letter.repeat(341)), Optional.empty()).isPresent());
        assertTrue(SupplyRules.read(gone(letter.repeat(342)), Optional.empty()).isEmpty(), "1,026 bytes");
        assertTrue(SupplyRules.read(gone("a".repeat(1_024)), Optional.empty()).isPresent());
        assertTrue(SupplyRules.read(gone("a".repeat(1_025)), Optional.empty()).isEmpty());
        SuppliedObject versioned = SuppliedObject.newBuilder()
                .setKey("a")
                .setVersion(letter.repeat(342))
                .setGone(true)
                .build();
        assertTrue(SupplyRules.read(versioned, Optional.empty()).isEmpty());
    }

    @Test
    void sizesThatNoStorageHoldsAreNotAdded() {
        SuppliedObject object = SuppliedObject.newBuilder()
                .setKey("a")
                .setBytes(Long.MAX_VALUE)
                .setGone(true)
                .build();
        assertTrue(SupplyRules.read(object, Optional.empty()).isEmpty());
    }

    private static Optional<String> fault(String last, String... keys) {
        ClaimedShard shard = new ClaimedShard(
                new ShardKey(new ListingId(1), 1),
                "b",
                "f",
                4,
                new Fence(new LeaseId(new UUID(1, 1)), 1, 1),
                Trial.NONE,
                RuledPast.NONE);
        SupplyReport.Builder report = SupplyReport.newBuilder();
        Stream.of(keys).map(SupplyRulesTest::gone).forEach(report::addObjects);
        return SupplyRules.fault(shard, last, report.build());
    }

    @Test
    void objectsOfAShardLieInItAndComeInOrderAndOnce() {
        assertEquals(Optional.empty(), fault("", "b", "c", "f"));
        assertEquals(Optional.empty(), fault("c", "d"));
        assertEquals(Optional.empty(), fault(""));
        assertTrue(fault("", "a").isPresent(), "before the shard");
        assertTrue(fault("", "a", "c").isPresent(), "its first one is before the shard");
        assertTrue(fault("", "b", "g").isPresent(), "behind the shard");
        assertTrue(fault("", "c", "b").isPresent(), "out of order");
        assertTrue(fault("", "c", "c").isPresent(), "twice");
        assertTrue(fault("c", "c").isPresent(), "told of before");
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
