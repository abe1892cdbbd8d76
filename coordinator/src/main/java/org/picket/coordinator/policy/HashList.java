package org.picket.coordinator.policy;

/// Known content of a policy, by SHA-256, from its text and its list files together.
///
/// @param id unique among the rules and lists of a policy
public record HashList(String id, Kind kind, ContentHashes hashes) {

    /// What being on the list means.
    public sealed interface Kind {}

    /// Never a finding: wins over every rule and every deny list.
    public record Allow() implements Kind {}

    /// A finding, whatever the scores.
    public record Deny(String category, Action action) implements Kind {}
}
