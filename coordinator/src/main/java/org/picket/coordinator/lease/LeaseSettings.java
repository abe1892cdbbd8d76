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

    /// Longest wait of one call for work.
    public static final Duration MOST_WAIT = Duration.ofSeconds(30);

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

    /// How long a lease lives without a report, whatever its agent says of its progress.
    Duration reportWithin() {
        return ttl.multipliedBy(UNREPORTED_TTLS);
    }
}
