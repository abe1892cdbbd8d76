package org.picket.coordinator.lease;

import java.time.Duration;

/// Bounds of leasing.
///
/// @param ttl how long a lease lives without a heartbeat
/// @param stalledAfter how long it lives without progress
/// @param claimBatch shards claimed in one transaction
/// @param leasesPerAgent held by one agent at once, at most: fewer after leases of its failed
/// @param waiters agents waiting for work at once
/// @param sweepBatch leases ended by one sweep
public record LeaseSettings(
        Duration ttl, Duration stalledAfter, int claimBatch, int leasesPerAgent, int waiters, int sweepBatch) {
    /// What a coordinator uses unless told otherwise.
    public static final LeaseSettings STANDARD =
            new LeaseSettings(Duration.ofSeconds(60), Duration.ofMinutes(5), 64, 16, 4_096, 256);

    /// Heartbeats come three times in a lease's life; networks that lose none for so long are rare.
    public static final Duration LEAST_TTL = Duration.ofSeconds(5);

    /// Longer than this an agent that is gone would hold up a scan.
    public static final Duration MOST_TTL = Duration.ofMinutes(10);

    /// Longest wait of one call for work.
    public static final Duration MOST_WAIT = Duration.ofSeconds(30);

    /// Of an agent that works, in the time that a lease lives without one.
    static final int HEARTBEATS = 3;

    /// How long one may take to arrive.
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(1);

    /// Times its life without a heartbeat that a lease lives without progress.
    private static final int STALLED_TTLS = 5;

    /// Times its life without a heartbeat that a lease lives without a report.
    private static final int UNREPORTED_TTLS = 30;

    public LeaseSettings {
        if (!ttl.isPositive() || stalledAfter.compareTo(ttl) < 0) {
            throw new IllegalArgumentException("a lease lives for a while, and longer than that without progress");
        }
        if (claimBatch < 1 || leasesPerAgent < 1 || waiters < 1 || sweepBatch < 1) {
            throw new IllegalArgumentException("every bound of leasing is at least 1");
        }
    }

    /// With leases that live longer or shorter without a heartbeat, and without progress in proportion.
    public LeaseSettings with(Duration otherTtl) {
        return new LeaseSettings(
                otherTtl, otherTtl.multipliedBy(STALLED_TTLS), claimBatch, leasesPerAgent, waiters, sweepBatch);
    }

    /// How long it takes at most until an agent calls about a lease of its own.
    public Duration heardWithin() {
        return ttl.dividedBy(HEARTBEATS).plus(ON_ITS_WAY);
    }

    /// How long a lease lives without a report, whatever its agent says of its progress.
    Duration reportWithin() {
        return ttl.multipliedBy(UNREPORTED_TTLS);
    }
}
