package org.picket.coordinator.progress;

import java.util.Objects;
import java.util.Optional;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.ListingCounts;
import org.picket.coordinator.listing.Listings;
import org.picket.proto.id.ListingId;
import org.picket.proto.v1.ScanProgress;

/// Scans as listings tell of them.
///
/// @param listings all of them
public record ListingScans(Listings listings) implements ScanCounts {
    public ListingScans {
        Objects.requireNonNull(listings);
    }

    @Override
    public Optional<Scan> countsOf(ListingId listing) {
        return listings.find(listing).map(ListingScans::scan);
    }

    private static Scan scan(Listing listing) {
        ListingCounts counts = listing.counts();
        ScanProgress.Builder progress = ScanProgress.newBuilder()
                .setListed(counts.listed())
                .setListedBytes(listing.intake().listedBytes())
                .setKnown(counts.known())
                .setCleared(counts.cleared())
                .setFlagged(counts.flagged())
                .setInconclusive(counts.inconclusive())
                .setGone(counts.gone())
                .setOpen(counts.open())
                .setViews(counts.work().views())
                .setBytes(counts.work().bytes());
        return switch (listing.state()) {
            case LISTING -> new Scan(listing.storage(), progress.build(), false);
            case LISTED ->
                new Scan(listing.storage(), progress.setListingFinished(true).build(), false);
            case COMPLETE ->
                new Scan(listing.storage(), progress.setListingFinished(true).build(), true);
            case ABANDONED ->
                new Scan(
                        listing.storage(),
                        progress.setListingFinished(true)
                                .addStuck("this scan was given up for a newer one of the same storage")
                                .build(),
                        true);
        };
    }
}
