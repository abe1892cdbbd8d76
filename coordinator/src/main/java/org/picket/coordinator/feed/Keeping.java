package org.picket.coordinator.feed;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.proto.id.ListingId;

/// For whom shards of one listing are kept: the last ones for fast agents, those that failed for proven ones, and one
/// object on which agents of an operator failed for those of others. Guarded by the lock of [Feeds].
final class Keeping {
    /// How often it is looked at who could take what is left.
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final ListingId listing;
    private final KeptShards kept = new KeptShards();
    private final LoneShards lone = new LoneShards();
    private PaceRules.Rest rest = PaceRules.Rest.NONE;
    private Instant restAt = Instant.MIN;
    /// Whose agents are there, by the bundle.
    private final Map<ByteString, Set<OwnerId>> operators = new HashMap<>();
    private Instant operatorsAt = Instant.MIN;

    Keeping(ListingId listing) {
        this.listing = listing;
    }

    /// Whether an operator's agents are passed over for a shard: they failed on its next object, which stands alone,
    /// and others are there.
    ///
    /// @param bundle that it waits for
    boolean passesOver(OwnerId operator, ClaimedShard shard, ByteString bundle, Presence there) {
        return LoneShards.concerns(shard, operator)
                && !shard.trial().failedOwners().containsAll(operators(bundle, there))
                && lone.keeps(shard, there.longestKept(), there.now());
    }

    private Set<OwnerId> operators(ByteString bundle, Presence there) {
        if (!operatorsAt.plus(LOOK_EVERY).isAfter(there.now())) {
            operators.clear();
            operatorsAt = there.now();
        }
        return operators.computeIfAbsent(bundle, there::operators);
    }

    /// Whether a slice of the listing is kept from an agent that is slower than others, or not proven.
    ///
    /// @param failed it failed before
    /// @param atHand slices, that one among them
    boolean keeps(Pace pace, ClaimedShard shard, boolean failed, List<ClaimedShard> atHand, Presence there) {
        if (!restAt.plus(LOOK_EVERY).isAfter(there.now())) {
            rest = there.rest(listing);
            restAt = there.now();
        }
        Duration longest = there.longestKept();
        long left = atHand.stream().mapToLong(ClaimedShard::leaseObjects).sum();
        return kept.keeps(
                shard,
                atHand,
                each -> failed
                        ? PaceRules.keptForProven(pace, rest, longest)
                        : PaceRules.kept(pace, each.leaseObjects(), left, rest, longest),
                there.now());
    }

    /// Whether one of these slices is kept from somebody.
    boolean any(List<ClaimedShard> slices, Instant now) {
        return kept.any(slices, now);
    }

    /// Whether a shard is kept from an operator.
    boolean from(OwnerId operator, ClaimedShard shard, Instant now) {
        return lone.runs(shard, operator, now);
    }
}
