package org.picket.coordinator.overview;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.picket.coordinator.feed.AgentStanding;
import org.picket.coordinator.feed.Stuck;
import org.picket.coordinator.feed.StuckShard;
import org.picket.coordinator.lease.EmptyAnswer;
import org.picket.coordinator.lease.LeaseStanding;
import org.picket.coordinator.listing.Listing;
import org.picket.proto.id.MemberId;
import org.picket.proto.id.StorageId;
import org.picket.runtime.channel.Build;

/// How all of it stands at one moment.
///
/// @param now by the database's clock
/// @param names who and what there is
/// @param leases that live, the oldest first
/// @param scans under way, by storage
/// @param fleet members by number
/// @param coordinator how it stands itself
record Moment(
        Instant now,
        Names names,
        List<LeaseStanding> leases,
        Map<StorageId, Scan> scans,
        Map<MemberId, Presence> fleet,
        Itself coordinator) {

    /// A scan under way.
    ///
    /// @param pace of late, where it is known
    /// @param stuck why its shards stand still, as far as they can tell
    /// @param stuckShards that got no objects from the crawler
    record Scan(Listing listing, Optional<Paces.Pace> pace, List<Stuck> stuck, List<StuckShard> stuckShards) {}

    /// A member, as this coordinator knows it.
    ///
    /// @param heard empty: not since this coordinator started
    /// @param quota leases that an agent may hold at once
    /// @param empty why its last request for work brought none
    /// @param agent what is known of an agent
    /// @param build which Picket it is; empty: not heard of since this coordinator started
    record Presence(
            Optional<Instant> heard,
            int quota,
            Optional<EmptyAnswer> empty,
            Optional<AgentStanding> agent,
            Optional<Build> build) {}

    /// @param draining whether it grants nothing more
    /// @param others that live on the same database
    record Itself(boolean draining, int others) {}
}
