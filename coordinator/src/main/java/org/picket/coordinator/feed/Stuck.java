package org.picket.coordinator.feed;

/// Something that keeps shards of a scan from being ruled.
///
/// @param reason of what kind it is
/// @param shards that wait for that
/// @param words for people, with what to do
public record Stuck(StuckReason reason, int shards, String words) {}
