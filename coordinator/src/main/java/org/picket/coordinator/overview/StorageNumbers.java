package org.picket.coordinator.overview;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.picket.coordinator.lease.LeaseStanding;
import org.picket.coordinator.listing.Listing;
import org.picket.proto.id.ListingId;
import org.picket.runtime.telemetry.Meters;

/// What is told of each storage that is being scanned, by its number alone: whose and where it is stays here.
///
/// @param listed objects of the scan
/// @param open neither ruled nor known
/// @param pace of late, where it is known
/// @param leases that live
/// @param oldest since the oldest of them was granted
record StorageNumbers(long listed, long open, Optional<Paces.Pace> pace, int leases, Optional<Duration> oldest) {
    private static final String STORAGE = "storage";
    private static final double MILLIS = 1e3;

    /// Of all storages that are being scanned.
    ///
    /// @param scans under way
    /// @param pace of a listing of late, where it is known
    /// @param leases that live
    static Map<Long, StorageNumbers> of(
            List<Listing> scans, Function<ListingId, Optional<Paces.Pace>> pace, List<LeaseStanding> leases) {
        Map<ListingId, List<LeaseStanding>> byListing = leases.stream()
                .collect(Collectors.groupingBy(lease -> lease.shard().listing()));
        Map<Long, StorageNumbers> numbers = new HashMap<>();
        for (Listing scan : scans) {
            List<LeaseStanding> own = byListing.getOrDefault(scan.id(), List.of());
            numbers.put(
                    scan.storage().value(),
                    new StorageNumbers(
                            scan.counts().listed(),
                            scan.counts().open(),
                            pace.apply(scan.id()),
                            own.size(),
                            own.stream().map(lease -> lease.times().age()).max(Duration::compareTo)));
        }
        return numbers;
    }

    /// Says them.
    ///
    /// @param all as they are now; asked for each of the numbers
    static void meters(Meters meters, Supplier<Map<Long, StorageNumbers>> all) {
        each(
                meters,
                all,
                "picket_storage_listed_objects",
                "Objects that the storage's scan has listed.",
                one -> Optional.of((double) one.listed()));
        each(
                meters,
                all,
                "picket_storage_open_objects",
                "Objects listed, and neither ruled nor known.",
                one -> Optional.of((double) one.open()));
        each(
                meters,
                all,
                "picket_storage_objects_per_second",
                "Pace of the scan over the last minute.",
                one -> one.pace().map(Paces.Pace::objects));
        each(
                meters,
                all,
                "picket_storage_eta_seconds",
                "Until what is listed now is ruled, at that pace.",
                one -> one.pace().flatMap(pace -> Paces.left(one.open(), pace)).map(StorageNumbers::seconds));
        each(
                meters,
                all,
                "picket_storage_leases",
                "Leases of the storage that live.",
                one -> Optional.of((double) one.leases()));
        each(
                meters,
                all,
                "picket_storage_oldest_lease_seconds",
                "Age of the oldest lease of the storage.",
                one -> one.oldest().map(StorageNumbers::seconds));
    }

    private static void each(
            Meters meters,
            Supplier<Map<Long, StorageNumbers>> all,
            String name,
            String help,
            Function<StorageNumbers, Optional<Double>> number) {
        meters.gauges(name, help, STORAGE, () -> {
            Map<Long, Double> values = new HashMap<>();
            all.get().forEach((storage, one) -> number.apply(one).ifPresent(value -> values.put(storage, value)));
            return values;
        });
    }

    private static double seconds(Duration span) {
        return span.toMillis() / MILLIS;
    }
}
