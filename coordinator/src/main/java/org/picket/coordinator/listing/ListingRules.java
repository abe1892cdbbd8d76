package org.picket.coordinator.listing;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.picket.proto.seal.Digest;

/// When a listing is gone on with. Pure.
final class ListingRules {
    /// A listing older than this is begun anew: too much has changed since.
    static final Duration RESUMABLE = Duration.ofHours(24);

    private ListingRules() {}

    /// Whether the open listing serves a crawler that asks for this.
    static boolean resumes(Listing open, Digest epoch, Optional<Duration> since, Instant now) {
        return open.state().open()
                && open.epoch().equals(epoch)
                && open.scope().since().equals(since)
                && open.age(now).compareTo(RESUMABLE) < 0;
    }

    /// Whether the earlier listing is of no more use, now that the newer one is complete: nothing that the
    /// newer one lacks is known from it.
    static boolean supersedes(Listing newer, Listing earlier) {
        return newer.state() == ListingState.COMPLETE
                && newer.scope().since().isEmpty()
                && newer.storage().equals(earlier.storage())
                && newer.id().value() > earlier.id().value();
    }
}
