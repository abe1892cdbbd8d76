package org.picket.coordinator.listing;

import org.picket.proto.id.ListingId;

/// Hears of listings after the transaction that changed them. Must not block.
public interface ListingObserver {
    /// A listing began, goes on, or has new shards.
    void grown(Listing listing);

    /// A listing is over: complete or given up. Its leases, if any, are void.
    void ended(ListingId listing);

    /// Objects a second that an agent of this fleet works off; 0 while unknown.
    double objectsPerSecond();
}
