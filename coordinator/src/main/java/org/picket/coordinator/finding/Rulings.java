package org.picket.coordinator.finding;

import java.util.List;
import java.util.Objects;

/// The rulings of consecutive objects of one shard.
///
/// @param firstKey key of the first object ruled here
/// @param lastKey key of the last one
/// @param flagged each flagged object
/// @param inconclusive each object without a ruling on its content
/// @param cleared keys of the objects cleared
/// @param gone keys that were listed and hold nothing any more
public record Rulings(
        String firstKey,
        String lastKey,
        List<FlaggedObject> flagged,
        List<InconclusiveObject> inconclusive,
        List<String> cleared,
        List<String> gone) {
    public Rulings {
        Objects.requireNonNull(firstKey);
        Objects.requireNonNull(lastKey);
        flagged = List.copyOf(flagged);
        inconclusive = List.copyOf(inconclusive);
        cleared = List.copyOf(cleared);
        gone = List.copyOf(gone);
    }

    /// Objects of which the content was ruled on.
    int ruled() {
        return flagged.size() + cleared.size();
    }
}
