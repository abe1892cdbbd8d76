package org.picket.coordinator.verdict;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.listing.ListingCounts;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.shard.FollowUpChange;
import org.picket.coordinator.shard.ShardKey;
import org.picket.coordinator.shard.ShardStore;
import org.picket.proto.v1.LedgerBody;

/// What one ruling changes in the database, on its way there.
///
/// @param terms under which it was ruled
/// @param shard how its shard changes
/// @param ruled its objects
/// @param counts what it adds to its listing
/// @param bodies for the ledger; the last one is the ruling
/// @param by the agent from whose verdict it follows; empty: the coordinator's own
/// @param scores for replays
/// @param followUps what it changes about follow-ups, where it does
/// @param written completes after the commit
record RulingChange(
        StorageTerms terms,
        ShardStore.Change shard,
        RuledObjects ruled,
        ListingCounts counts,
        List<LedgerBody> bodies,
        Optional<Member> by,
        Optional<ShardStore.Scores> scores,
        Optional<FollowUpChange> followUps,
        CompletableFuture<Written> written) {

    /// The shard of the listing that its objects are out of: that of the lease, or the one that it follows up.
    ShardKey slice() {
        return followUps
                .map(follow -> new ShardKey(shard.key().listing(), follow.parent()))
                .orElseGet(shard::key);
    }
}
