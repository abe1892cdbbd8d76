package org.picket.coordinator.overview;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.lease.LeaseStanding;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.ListingCounts;
import org.picket.coordinator.listing.ListingState;
import org.picket.coordinator.shard.ShardKey;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.MemberId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.runtime.telemetry.Label;
import org.picket.runtime.telemetry.Meters;

class StorageNumbersTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static Listing scan(long id, long storage, long listed, long cleared) {
        return new Listing(
                new ListingId(id),
                new StorageId(storage),
                Digest.of(ByteString.EMPTY),
                new Listing.Scope(Optional.empty(), NOW),
                ListingState.LISTED,
                new Listing.Intake("", 3, 2, 0, 0, 0),
                new ListingCounts(listed, 0, cleared, 0, 0, 0, new ListingCounts.Work(0, 0)));
    }

    private static LeaseStanding lease(long listing, long storage, int age) {
        return new LeaseStanding(
                new ShardKey(new ListingId(listing), 1),
                new StorageId(storage),
                new OwnerId(1),
                new MemberId(2),
                Set.of(),
                new LeaseStanding.Work(10, 0, 0, 0),
                new LeaseStanding.Times(Duration.ofSeconds(age), Duration.ZERO, Duration.ZERO));
    }

    /// What is told of each thing, by name.
    private static final class Told implements Meters {
        private final Map<String, Supplier<Map<Long, Double>>> gauges = new HashMap<>();

        @Override
        public void gauges(String name, String help, String thing, Supplier<Map<Long, Double>> values) {
            assertEquals("storage", thing);
            gauges.put(name, values);
        }

        Map<Long, Double> of(String name) {
            return new TreeMap<>(gauges.get("picket_storage_" + name).get());
        }

        @Override
        public void counter(String name, String help, DoubleSupplier value, Label... labels) {
            throw new AssertionError(name);
        }

        @Override
        public void gauge(String name, String help, DoubleSupplier value, Label... labels) {
            throw new AssertionError(name);
        }

        @Override
        public Timing timing(String name, String help, Label... labels) {
            throw new AssertionError(name);
        }

        @Override
        public Meters within() {
            return this;
        }

        @Override
        public void close() {}
    }

    @Test
    void eachStorageThatIsScannedTellsItsNumbersAsFarAsTheyAreKnown() {
        Map<Long, StorageNumbers> numbers = StorageNumbers.of(
                List.of(scan(11, 7, 100, 40), scan(12, 123_456, 5, 0)),
                listing ->
                        listing.equals(new ListingId(11)) ? Optional.of(new Paces.Pace(20, 30, 40)) : Optional.empty(),
                List.of(lease(11, 7, 9), lease(11, 7, 4)));
        Told told = new Told();
        StorageNumbers.meters(told, () -> numbers);
        assertEquals(Map.of(7L, 100.0, 123_456L, 5.0), told.of("listed_objects"));
        assertEquals(Map.of(7L, 60.0, 123_456L, 5.0), told.of("open_objects"));
        assertEquals(Map.of(7L, 20.0), told.of("objects_per_second"));
        assertEquals(Map.of(7L, 3.0), told.of("eta_seconds"));
        assertEquals(Map.of(7L, 2.0, 123_456L, 0.0), told.of("leases"));
        assertEquals(Map.of(7L, 9.0), told.of("oldest_lease_seconds"));
    }
}
