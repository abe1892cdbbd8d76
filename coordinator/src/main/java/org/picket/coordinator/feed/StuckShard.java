package org.picket.coordinator.feed;

import java.time.Instant;

/// A shard that got no objects from its crawler when it was leased last.
///
/// @param number within its listing
/// @param leases in a row that got none
/// @param again when it may be leased again; in the past: now
public record StuckShard(int number, int leases, Instant again) {}
