package org.picket.coordinator.lease;

import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.proto.v1.NoLease;

/// What an agent asks for.
///
/// @param bundles that it can run
/// @param accepted whether it is of the circle of a storage on these terms
record Asking(Set<ByteString> bundles, Predicate<StorageTerms> accepted) {
    /// Why there is nothing for it.
    ///
    /// @param feeds of all open listings
    /// @param terms the present ones
    Feeds.Next.Nothing nothing(Collection<Feed> feeds, Function<Feed, StorageTerms> terms) {
        if (feeds.isEmpty()) {
            return new Feeds.Next.Nothing(NoLease.Reason.NOTHING_LISTED, "no storage is being scanned");
        }
        List<Feed> open =
                feeds.stream().filter(feed -> accepted.test(terms.apply(feed))).toList();
        if (open.isEmpty()) {
            return new Feeds.Next.Nothing(
                    NoLease.Reason.OUTSIDE_CIRCLE,
                    "no storage that is being scanned accepts this agent: a site's admin can take its operator, its"
                            + " region or its key into the circle");
        }
        return open.stream().anyMatch(feed -> feed.serves(bundles))
                ? new Feeds.Next.Nothing(NoLease.Reason.ALL_LEASED, "every shard listed so far is leased")
                : new Feeds.Next.Nothing(
                        NoLease.Reason.BUNDLE_MISSING, "storages are scanned with bundles that this agent lacks");
    }
}
