package org.picket.coordinator.supply;

import java.util.List;
import java.util.Optional;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.ruling.Ruling;
import org.picket.proto.v1.ListHit;

/// What imported hash lists say of an object that its crawler found on them.
@FunctionalInterface
public interface ListedContents {
    /// The ruling that follows; empty where one of the hits is not in force, or none is a match.
    Optional<Ruling> rule(StorageTerms terms, List<ListHit> hits);
}
