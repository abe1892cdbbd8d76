package org.picket.coordinator.verdict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.listing.Listings;
import org.picket.coordinator.shard.FollowUp;
import org.picket.coordinator.shard.FollowUpChange;
import org.picket.coordinator.shard.FollowUps;
import org.picket.proto.id.ListingId;

/// Writes what reports change about follow-ups, in the transaction of the reports: an object leaves its shard and
/// enters a follow-up at one instant, or not at all. Where no report changes any, it asks the database nothing.
final class FollowUpWriter {
    private FollowUpWriter() {}

    /// Before the reports are counted: a listing with a follow-up is not complete.
    static void write(Handle handle, List<RulingChange> valid) {
        Map<Long, List<FollowUp>> made = new TreeMap<>();
        Map<Long, Map<Integer, FollowUpChange>> changes = new TreeMap<>();
        for (RulingChange change : valid) {
            if (change.followUps().isPresent()) {
                long listing = change.shard().key().listing().value();
                FollowUpChange followUps = change.followUps().get();
                made.computeIfAbsent(listing, _ -> new ArrayList<>()).addAll(followUps.made());
                changes.computeIfAbsent(listing, _ -> new HashMap<>())
                        .put(change.shard().key().number(), followUps);
            }
        }
        made.forEach((listing, all) -> {
            if (!all.isEmpty()) {
                Listings.follow(handle, new ListingId(listing), all);
            }
        });
        changes.forEach((listing, all) -> FollowUps.settle(handle, new ListingId(listing), all));
    }
}
