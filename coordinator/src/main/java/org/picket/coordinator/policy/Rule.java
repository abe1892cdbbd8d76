package org.picket.coordinator.policy;

/// One way in which scores make a finding.
///
/// @param id unique among the rules and lists of a policy
/// @param category what the finding is called
public record Rule(String id, String category, Condition when, Action action, Quorum quorum) {}
