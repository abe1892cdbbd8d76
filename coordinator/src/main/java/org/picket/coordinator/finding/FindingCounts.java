package org.picket.coordinator.finding;

/// Findings of one listing, by where they are on their way.
///
/// @param quarantined out of sight
/// @param purged destroyed
/// @param refused by the site
/// @param failed for good
/// @param held for a person
/// @param ordered whose order has no receipt yet
public record FindingCounts(long quarantined, long purged, long refused, long failed, long held, long ordered) {}
