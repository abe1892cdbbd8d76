package org.picket.coordinator.policy;

import java.util.Optional;

/// One way in which scores decide about an object.
///
/// @param id unique among the rules and lists of a policy
/// @param category what the finding is called
/// @param action OBSERVE where the rule flags nothing
/// @param nearly what holds, besides `when`, where every threshold is moved by the rule's `near`; empty where
/// it has none
public record Rule(
        String id,
        String category,
        Condition when,
        Outcome outcome,
        Action action,
        Quorum quorum,
        Optional<Condition> nearly) {

    /// What an object is for which the rule holds.
    public enum Outcome {
        FLAGGED,
        /// Neither flagged nor cleared.
        UNDECIDED
    }
}
