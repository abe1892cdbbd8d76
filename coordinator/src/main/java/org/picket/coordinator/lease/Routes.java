package org.picket.coordinator.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.listing.StorageDirectory;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.DirectRoute;
import org.picket.runtime.channel.Address;
import org.picket.runtime.time.TimeSource;

/// Where agents reach the views of storages, as their crawlers say. Held in memory alone: crawlers say it again
/// and again.
///
/// Safe for any number of threads.
final class Routes {
    /// A crawler says it three times before it is forgotten.
    static final Duration AGAIN_WITHIN = Duration.ofSeconds(30);

    private static final int TIMES = 3;

    /// Storages with a route; registered ones are bounded by their sites.
    private static final int MOST = 100_000;

    private final StorageDirectory storages;
    private final TimeSource time;
    private final ConcurrentHashMap<StorageId, Offer> offers = new ConcurrentHashMap<>();

    private record Offer(DirectRoute route, Instant until) {}

    /// What became of an offer.
    enum Offered {
        TAKEN,
        NOT_ITS_STORAGE,
        TOO_MANY
    }

    Routes(StorageDirectory storages, TimeSource time) {
        this.storages = storages;
        this.time = time;
    }

    /// A crawler serves the views of a storage there.
    ///
    /// @param identity of it; empty: not said
    Offered offer(Member crawler, StorageId storage, String identity, Address address) {
        if (storages.find(storage, identity)
                .map(StorageTerms::owner)
                .filter(crawler.owner()::equals)
                .isEmpty()) {
            return Offered.NOT_ITS_STORAGE;
        }
        if (offers.size() >= MOST && !offers.containsKey(storage)) {
            return Offered.TOO_MANY;
        }
        offers.put(
                storage,
                new Offer(
                        DirectRoute.newBuilder()
                                .setAddress(address.toString())
                                .setCrawlerMemberId(crawler.id().value())
                                .build(),
                        time.now().plus(AGAIN_WITHIN.multipliedBy(TIMES))));
        return Offered.TAKEN;
    }

    /// The route to a storage's views; empty where no crawler has told one lately.
    Optional<DirectRoute> find(StorageId storage) {
        if (offers.isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(offers.get(storage))
                .filter(offer -> offer.until().isAfter(time.now()))
                .map(Offer::route);
    }
}
