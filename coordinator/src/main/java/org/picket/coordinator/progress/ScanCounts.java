package org.picket.coordinator.progress;

import java.util.Optional;
import org.picket.proto.id.ListingId;

/// Knows how far listings have come.
@FunctionalInterface
public interface ScanCounts {
    /// A listing's counts now; empty where there is no such listing.
    Optional<Scan> countsOf(ListingId listing);
}
