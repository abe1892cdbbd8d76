package org.picket.coordinator.lease;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.picket.proto.id.MemberId;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.DirectRoute;
import org.picket.proto.v1.RelayRoute;

/// Which crawlers offer the views of which storages here, directly or at the relay.
///
/// Safe for any number of threads.
final class Suppliers {
    private final Routes routes;
    private volatile Function<StorageId, Optional<RelayRoute>> relays = _ -> Optional.empty();

    Suppliers(Routes routes) {
        this.routes = routes;
    }

    /// Which attend at the relay, once there is one.
    void relayed(Function<StorageId, Optional<RelayRoute>> attending) {
        relays = attending;
    }

    /// Those of a storage; none: no crawler has come for it yet, or has gone.
    Set<MemberId> of(StorageId storage) {
        return Stream.concat(
                        routes.find(storage).stream().map(DirectRoute::getCrawlerMemberId),
                        relays.apply(storage).stream().map(RelayRoute::getCrawlerMemberId))
                .map(MemberId::new)
                .collect(Collectors.toSet());
    }
}
