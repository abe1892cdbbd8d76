package org.picket.coordinator.verdict;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.picket.coordinator.listing.ListingCounts;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.shard.ShardStore;
import org.picket.proto.v1.LedgerBody;

/// One report on its way into the database.
///
/// @param terms under which it was ruled
/// @param change of its shard
/// @param ruled its objects
/// @param counts what it adds to its listing
/// @param bodies for the ledger; the last one is the ruling
/// @param scores for replays
/// @param written completes after the commit: whether the fence was the current one
record Entry(
        StorageTerms terms,
        ShardStore.Change change,
        RuledObjects ruled,
        ListingCounts counts,
        List<LedgerBody> bodies,
        Optional<ShardStore.Scores> scores,
        CompletableFuture<Boolean> written) {}
