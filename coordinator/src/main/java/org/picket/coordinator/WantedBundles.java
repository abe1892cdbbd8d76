package org.picket.coordinator;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.listing.Listings;
import org.picket.coordinator.listing.StorageDirectory;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.runtime.telemetry.Sampled;
import org.picket.runtime.time.TimeSource;

/// The bundles that agents are to run: those of the storages that are being scanned, each under its present
/// terms. Two storages of different epochs want both.
final class WantedBundles {
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Sampled<List<StorageTerms>> scanned;

    WantedBundles(Listings listings, StorageDirectory storages, TimeSource time) {
        scanned = new Sampled<>(
                FRESH,
                time,
                () -> listings.open().stream()
                        .map(listing -> storages.find(listing.storage())
                                .filter(terms -> terms.epoch().equals(listing.epoch())))
                        .flatMap(Optional::stream)
                        .toList());
    }

    /// Digests of those that the agent may have leases of: first those that score everything.
    List<ByteString> of(Member agent) {
        List<StorageTerms> open =
                scanned.get().stream().filter(terms -> terms.accepts(agent)).toList();
        return Stream.concat(
                        open.stream().map(StorageTerms::scoring),
                        open.stream()
                                .flatMap(terms -> terms.rules().policy().further().stream())
                                .map(further -> further.scoring()))
                .map(scoring -> scoring.bundle().bytes())
                .distinct()
                .toList();
    }
}
