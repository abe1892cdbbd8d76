package org.picket.coordinator.ledger;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.LedgerBody;

/// Verifies a copy of a ledger with nothing but the coordinator's public keys: streams the entries in order,
/// builds the tree anew, and holds it against every checkpoint.
///
/// A checkpoint that somebody kept from earlier, or got elsewhere, belongs among the notes: it is what uncovers
/// a ledger that was cut off or rewritten together with its own checkpoints, or shown differently to others.
public final class LedgerVerifier {
    private final String origin;
    private final List<VerifyingKey> keys;
    private final EntryCheck check;

    /// @param origin of the ledger, as its checkpoints name it
    /// @param keys of the coordinator, past ones included
    /// @param check what the entries themselves must satisfy
    public LedgerVerifier(String origin, List<VerifyingKey> keys, EntryCheck check) {
        this.origin = origin;
        this.keys = List.copyOf(keys);
        this.check = check;
    }

    /// Verifies a copy; memory does not grow with its length.
    ///
    /// @param entries in order
    /// @param notes checkpoints, by size
    public Verification verify(Iterator<StoredEntry> entries, Iterator<String> notes) {
        Walk walk = new Walk(notes);
        Optional<Verification.Broken> broken = walk.checkpointsReached();
        while (broken.isEmpty() && entries.hasNext()) {
            StoredEntry entry = entries.next();
            broken = walk.take(entry).or(walk::checkpointsReached);
        }
        return broken.<Verification>map(found -> found).orElseGet(walk::end);
    }

    /// One pass over a copy.
    private final class Walk {
        private final Iterator<String> notes;
        private MerkleFrontier frontier = MerkleFrontier.EMPTY;
        private long vouched;
        private Optional<Checkpoint> next = Optional.empty();

        Walk(Iterator<String> notes) {
            this.notes = notes;
        }

        Optional<Verification.Broken> take(StoredEntry entry) {
            long expected = frontier.size();
            if (entry.seq() != expected) {
                return broken(
                        expected, "entry " + expected + " is missing: entry " + entry.seq() + " stands in its place");
            }
            Digest leaf = MerkleHash.leaf(entry.body());
            if (entry.leaf().filter(stored -> !stored.equals(leaf)).isPresent()) {
                return broken(expected, "entry " + expected + " was changed: it does not match its own leaf hash");
            }
            try {
                Optional<String> complaint = check.check(expected, LedgerBody.parseFrom(entry.body()));
                if (complaint.isPresent()) {
                    return broken(expected, "entry " + expected + ": " + complaint.get());
                }
            } catch (InvalidProtocolBufferException e) {
                return broken(expected, "entry " + expected + " is not a ledger body");
            }
            frontier = frontier.append(List.of(leaf)).frontier();
            return Optional.empty();
        }

        /// Holds the tree against all checkpoints of its present size.
        Optional<Verification.Broken> checkpointsReached() {
            while (true) {
                if (next.isEmpty()) {
                    if (!notes.hasNext()) {
                        return Optional.empty();
                    }
                    switch (Checkpoint.open(notes.next(), origin, keys)) {
                        case Checkpoint.Opened.Valid valid -> next = Optional.of(valid.checkpoint());
                        case Checkpoint.Opened.Invalid invalid -> {
                            return broken(vouched, "after entry " + vouched + ": " + invalid.reason());
                        }
                    }
                }
                Checkpoint due = next.get();
                if (due.size() > frontier.size()) {
                    return Optional.empty();
                }
                if (due.size() < frontier.size()) {
                    return broken(due.size(), "the checkpoints are not in the order of their sizes");
                }
                if (!due.root().equals(frontier.root())) {
                    return broken(vouched, rewritten(due.size()));
                }
                vouched = due.size();
                next = Optional.empty();
            }
        }

        Verification end() {
            if (next.isPresent()) {
                return new Verification.Broken(
                        frontier.size(),
                        "the ledger was cut off: a checkpoint vouches for %d entries, and there are %d"
                                .formatted(next.get().size(), frontier.size()));
            }
            return new Verification.Verified(frontier.size(), frontier.root(), vouched);
        }

        private String rewritten(long size) {
            return size == vouched
                    ? "two checkpoints of size " + size + " tell different roots: the ledger was shown in two versions"
                    : "entries " + vouched + " to " + (size - 1) + " are not those that the checkpoint of size " + size
                            + " vouches for: one of them was changed, moved, added or left out";
        }

        private Optional<Verification.Broken> broken(long seq, String what) {
            return Optional.of(new Verification.Broken(seq, what));
        }
    }
}
