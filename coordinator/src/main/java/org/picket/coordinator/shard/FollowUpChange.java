package org.picket.coordinator.shard;

import java.util.List;

/// What a report changes about follow-ups.
///
/// @param parent number of the shard out of which the objects came
/// @param made follow-ups that come out of the report
/// @param over whether the report was the last one of a follow-up
/// @param again whether the next listing asks anew about objects of a follow-up
public record FollowUpChange(int parent, List<FollowUp> made, boolean over, boolean again) {
    public FollowUpChange {
        made = List.copyOf(made);
    }

    /// By how much the number of open follow-ups of the parent changes.
    int difference() {
        return made.size() - (over ? 1 : 0);
    }
}
