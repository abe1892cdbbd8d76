package org.picket.coordinator.ruling;

/// One score that a finding rests on.
///
/// @param score as the rule saw it
/// @param threshold as the policy states it
public record Basis(String concept, double score, double threshold, Side side) {

    /// On which side of the threshold the rule wanted the score, and found it.
    public enum Side {
        REACHED,
        BELOW
    }
}
