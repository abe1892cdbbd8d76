package org.picket.coordinator.verdict;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.picket.coordinator.finding.Rulings;
import org.picket.coordinator.listing.ListingCounts;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.shard.RulingBits;
import org.picket.coordinator.shard.WaitingObject;
import org.picket.proto.seal.Digest;

/// Rulings over consecutive objects, in every form that is kept of them.
///
/// @param terms under which they were ruled
/// @param marks one an object
/// @param rulings with keys, for findings
/// @param counts what they add to the listing
/// @param digest over all of them, in order
/// @param again one of them has trouble that may pass
/// @param blocks what a replay needs of those that are ruled
/// @param waiting those that are not ruled yet, by the place of the further bundle that has to score them
record RuledObjects(
        StorageTerms terms,
        RulingBits.Mark[] marks,
        Rulings rulings,
        ListingCounts counts,
        Digest digest,
        boolean again,
        Block blocks,
        Map<Integer, List<WaitingObject>> waiting) {

    /// What a replay of the rules needs.
    ///
    /// @param tags of contents cleared by scores, complements of tags of others that are not flagged; 0: none
    /// @param views of each object
    /// @param scores of all views
    record Block(long[] tags, int[] views, short[] scores) {
        boolean worthwhile() {
            return scores.length > 0 || Arrays.stream(tags).anyMatch(tag -> tag != 0);
        }
    }
}
