package org.picket.coordinator.lease;

import java.time.Duration;
import java.util.Set;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.shard.ShardKey;
import org.picket.proto.id.MemberId;
import org.picket.proto.id.StorageId;

/// A lease that lives, at one moment.
///
/// @param site whose storage it is
/// @param agent who holds it
/// @param crawlers that offer its storage's views; none: any of its site may be the one
/// @param work how far it is
/// @param times how long it has lived, and may yet
public record LeaseStanding(
        ShardKey shard,
        StorageId storage,
        OwnerId site,
        MemberId agent,
        Set<MemberId> crawlers,
        Work work,
        Times times) {
    /// Objects.
    ///
    /// @param objects as listed
    /// @param supplied that the crawler told of
    /// @param scored by the agent's word
    /// @param ruled of this lease
    public record Work(int objects, int supplied, int scored, int ruled) {}

    /// Spans, none of them negative.
    ///
    /// @param age since it was granted
    /// @param left until it expires, unless it is renewed before
    /// @param still since it last made progress
    public record Times(Duration age, Duration left, Duration still) {}
}
