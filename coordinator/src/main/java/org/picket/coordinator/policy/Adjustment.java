package org.picket.coordinator.policy;

import java.util.List;
import org.picket.proto.limit.FixedPoint;

/// What is added to the scores of some concepts, before rules see them, where a condition is true of the scores
/// as they came.
///
/// @param concepts each once
/// @param steps of 1/16384; never 0
public record Adjustment(List<String> concepts, int steps, Condition when) {
    public Adjustment {
        concepts = List.copyOf(concepts);
    }

    /// What is added, as a score.
    public double add() {
        return steps / (double) FixedPoint.ONE;
    }
}
