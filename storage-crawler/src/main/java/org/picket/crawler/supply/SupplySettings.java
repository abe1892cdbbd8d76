package org.picket.crawler.supply;

import java.time.Duration;

/// Bounds of the supply.
///
/// @param fetchers objects read at once
/// @param decoders objects decoded at once
/// @param leases streams served at once; further ones wait
/// @param window objects of one lease that are worked on ahead of the one that is sent
/// @param leaseBytes bytes of objects and views held for one lease; an object that has more is let in alone
/// @param objectBytes the largest object fetched where the coordinator names no limit
/// @param probeHashes hashes in one probe
/// @param probeWait how long the first hash of a probe waits for others; four times that where others keep coming
/// @param segment a segment that took so long to fill ends with what it has: an agent reports whole segments, and what
/// it has not reported is lost with it
/// @param stall how long an agent may take nothing before its stream is ended, and a stream may wait for its turn
/// @param word how long the coordinator hears nothing of a lease that waits for the site's limits: after minutes it
/// would count as stalled
/// @param limits what the site allows
public record SupplySettings(
        int fetchers,
        int decoders,
        int leases,
        int window,
        long leaseBytes,
        long objectBytes,
        int probeHashes,
        Duration probeWait,
        Duration segment,
        Duration stall,
        Duration word,
        SiteLimits limits) {

    private static final int SPARE_THREADS = 2;
    private static final int IN_LINE = 2;
    private static final long MEBIBYTE = 1_024 * 1_024;
    private static final int MOST_LEASES = 8;
    private static final long MOST_LEASE_BYTES = 32 * MEBIBYTE;
    private static final long ALL_BYTES = MOST_LEASES * MOST_LEASE_BYTES;

    /// While one lease is sent, the next one is read.
    private static final int LEAST_LEASES = 2;

    public SupplySettings {
        if (Math.min(Math.min(fetchers, decoders), Math.min(leases, window)) < 1
                || leaseBytes < 1
                || objectBytes < 1
                || probeHashes < 1) {
            throw new IllegalArgumentException("every bound of the supply is positive");
        }
    }

    /// For a pool of that many decoders: threads enough that each decoder has an object in hand and the next
    /// one beside it, and 256 MiB for all leases together.
    public static SupplySettings of(int decoders) {
        return new SupplySettings(
                decoders + SPARE_THREADS,
                decoders * IN_LINE,
                MOST_LEASES,
                192,
                MOST_LEASE_BYTES,
                64 * MEBIBYTE,
                64,
                Duration.ofMillis(50),
                Duration.ofMillis(500),
                Duration.ofMinutes(2),
                Duration.ofSeconds(10),
                SiteLimits.NONE);
    }

    /// For one of so many storages of a process, each with its own part of the leases and of the 256 MiB. They are
    /// divided, and not shared: what a storage that hangs holds on to is missing to no other one.
    public SupplySettings amongst(int storages) {
        int some = Math.clamp(leases / storages, Math.min(leases, LEAST_LEASES), leases);
        return new SupplySettings(
                fetchers,
                decoders,
                some,
                window,
                Math.clamp(ALL_BYTES / ((long) storages * some), 1, leaseBytes),
                objectBytes,
                probeHashes,
                probeWait,
                segment,
                stall,
                word,
                limits);
    }

    /// With what the site allows.
    public SupplySettings with(SiteLimits other) {
        return new SupplySettings(
                fetchers,
                decoders,
                leases,
                window,
                leaseBytes,
                objectBytes,
                probeHashes,
                probeWait,
                segment,
                stall,
                word,
                other);
    }
}
