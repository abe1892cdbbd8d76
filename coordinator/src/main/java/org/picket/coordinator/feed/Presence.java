package org.picket.coordinator.feed;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Predicate;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.MemberId;

/// Who is there, that may work on a storage.
///
/// @param paces of all agents
/// @param terms of the storage
/// @param reaches whether an agent gets its views, as far as is known
/// @param now when that is asked
record Presence(AgentPaces paces, StorageTerms terms, Predicate<MemberId> reaches, Instant now) {
    /// What proven agents that are there could do for a listing.
    PaceRules.Rest rest(ListingId listing) {
        return paces.rest(listing, terms, now);
    }

    /// Whose agents could have shards that wait for one bundle.
    Set<OwnerId> operators(ByteString bundle) {
        return paces.operators(terms, bundle, reaches, now);
    }

    /// The longest that a shard is kept from anybody who is slow.
    Duration longestKept() {
        return paces.longestKept();
    }
}
