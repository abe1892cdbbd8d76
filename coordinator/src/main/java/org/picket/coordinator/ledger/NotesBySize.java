package org.picket.coordinator.ledger;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// Two sources of checkpoints as one, by size: those that are stored, and those that somebody kept.
final class NotesBySize implements Iterator<String> {
    private final Iterator<String> stored;
    private final Deque<String> kept;
    private Optional<String> nextStored = Optional.empty();

    /// @param stored by size already
    NotesBySize(Iterator<String> stored, List<String> kept) {
        this.stored = stored;
        this.kept = new ArrayDeque<>(kept.stream()
                .sorted(Comparator.comparingLong(Checkpoint::claimedSize))
                .toList());
    }

    @Override
    public boolean hasNext() {
        return nextStored.isPresent() || stored.hasNext() || !kept.isEmpty();
    }

    @Override
    public String next() {
        if (nextStored.isEmpty() && stored.hasNext()) {
            nextStored = Optional.of(stored.next());
        }
        boolean keptFirst = !kept.isEmpty()
                && nextStored
                        .map(note -> Checkpoint.claimedSize(kept.getFirst()) < Checkpoint.claimedSize(note))
                        .orElse(true);
        if (keptFirst) {
            return kept.removeFirst();
        }
        String note = nextStored.orElseThrow(() -> new NoSuchElementException("no more checkpoints"));
        nextStored = Optional.empty();
        return note;
    }
}
