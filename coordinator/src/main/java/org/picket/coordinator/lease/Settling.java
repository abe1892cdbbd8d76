package org.picket.coordinator.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.RelayRoute;
import org.picket.runtime.time.TimeSource;

/// The first while of a coordinator that came beside others: crawlers have yet to find it, and a lease whose views
/// nobody sends would only be given back. Until a storage's crawler has come, the others lease its shards.
///
/// @param reached whether a way to a storage's views is known here
/// @param until it is over for all storages: a crawler that has not come by then may be nowhere else either
record Settling(Predicate<StorageId> reached, Instant until, TimeSource time) {
    /// Longer than crawlers take between two attempts.
    static final Duration LONGEST = Duration.ofSeconds(30);

    /// Of one that has nobody beside it.
    static final Settling OVER = new Settling(_ -> true, Instant.MIN, TimeSource.system());

    /// @param routes where crawlers are reached directly
    /// @param relays which attend at the relay
    static Settling begin(Routes routes, Function<StorageId, Optional<RelayRoute>> relays, TimeSource time) {
        return new Settling(
                id -> routes.find(id).isPresent() || relays.apply(id).isPresent(),
                time.now().plus(LONGEST),
                time);
    }

    /// Whether leases of that storage are granted here.
    boolean over(StorageId storage) {
        return reached.test(storage) || !time.now().isBefore(until);
    }
}
