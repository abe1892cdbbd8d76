package org.picket.coordinator.verdict;

import org.picket.coordinator.policy.Action;
import org.picket.coordinator.ruling.Ruling;

/// How far the machine may go on whose word. Pure.
///
/// What cannot be undone never rests on the word of an agent that somebody else runs: one that lies would have
/// innocent objects destroyed. What such an agent flags is quarantined at most, until a person has looked. A list
/// is another matter: the site imported it, and content is what it is.
///
/// @param ownAgent whether the site's own operator runs the agent of this lease, and all scores are its own
/// @param ownAgentsOnly whether nobody else's agents ever work here
record Vouching(boolean ownAgent, boolean ownAgentsOnly) {
    /// What may be done by itself with a flagged object, at most.
    ///
    /// @param ceiling what its rule or list allows
    Action atMost(Ruling.Flagged found, Action ceiling) {
        boolean vouched = switch (found.by()) {
            case DENY_LIST -> true;
            case SCORES -> ownAgent;
            // By whose scores the content was flagged first is not kept.
            case KNOWN_CONTENT -> ownAgentsOnly;
        };
        return vouched || Action.QUARANTINE.allows(ceiling) ? ceiling : Action.QUARANTINE;
    }
}
