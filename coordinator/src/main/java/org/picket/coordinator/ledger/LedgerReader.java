package org.picket.coordinator.ledger;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.picket.proto.seal.Digest;

/// Reads the ledger page by page: memory does not grow with it, and no transaction stays open while somebody
/// thinks.
///
/// Immutable; safe for any number of threads. The iterators it gives out are for one thread each.
public final class LedgerReader {
    private static final int PAGE_ROWS = 256;
    private static final int PAGE_NOTES = 256;

    private final Database database;

    public LedgerReader(Database database) {
        this.database = database;
    }

    /// How many entries there are, and the root over them.
    public record Head(long size, Digest root) {}

    /// The head as a transaction sees it.
    public static Head head(Handle handle) {
        MerkleFrontier frontier = PostgresLedger.head(handle);
        return new Head(frontier.size(), frontier.root());
    }

    /// The head now.
    public Head head() {
        return database.read(LedgerReader::head);
    }

    /// The entries from number `from` up to but not including number `to`.
    public Iterator<StoredEntry> entries(long from, long to) {
        return new Pages(from, to);
    }

    /// Proves that entry `seq` is among the first `size` ones.
    public MerkleProof inclusion(long seq, long size) {
        return database.read(handle -> MerkleProof.inclusion(nodes(handle), seq, within(handle, size)));
    }

    /// Proves that the first `later` entries begin with the first `earlier` ones.
    public MerkleProof consistency(long earlier, long later) {
        return database.read(handle -> MerkleProof.consistency(nodes(handle), earlier, within(handle, later)));
    }

    /// Verifies the whole stored ledger as it stands now.
    ///
    /// @param verifier knows the keys and what entries must satisfy
    /// @param kept checkpoints that were handed out earlier and kept elsewhere
    public Verification verify(LedgerVerifier verifier, List<String> kept) {
        Snapshot now = database.read(handle -> new Snapshot(
                head(handle),
                PostgresLedger.newestNote(handle)
                        .map(PostgresLedger.StoredNote::size)
                        .orElse(-1L)));
        Iterator<String> notes = new NotesBySize(new Notes(now.newestNote()), kept);
        Verification verification = verifier.verify(entries(0, now.head().size()), notes);
        return switch (verification) {
            case Verification.Broken broken -> broken;
            case Verification.Verified verified ->
                now.head().size() == verified.size() && now.head().root().equals(verified.root())
                        ? verified
                        : new Verification.Broken(
                                Math.min(verified.vouched(), verified.size()),
                                "the ledger's head tells of " + now.head().size() + " entries, and the "
                                        + verified.size() + " that are there do not hash to its root");
        };
    }

    private static MerkleProof.Nodes nodes(Handle handle) {
        return (level, index) -> PostgresLedger.node(handle, level, index);
    }

    private static long within(Handle handle, long size) {
        long present = PostgresLedger.head(handle).size();
        if (size > present) {
            throw new IllegalArgumentException("the ledger has " + present + " entries, not " + size);
        }
        return size;
    }

    private record Snapshot(Head head, long newestNote) {}

    /// Fetches the next page when the last one is used up.
    private final class Pages implements Iterator<StoredEntry> {
        private final Deque<StoredEntry> page = new ArrayDeque<>();
        private final long to;
        private long from;

        Pages(long from, long to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public boolean hasNext() {
            if (page.isEmpty() && from < to) {
                page.addAll(database.read(handle -> PostgresLedger.entries(handle, from, PAGE_ROWS)));
                page.removeIf(entry -> entry.seq() >= to);
                from = page.isEmpty() ? to : page.getLast().seq() + 1;
            }
            return !page.isEmpty();
        }

        @Override
        public StoredEntry next() {
            if (!hasNext()) {
                throw new NoSuchElementException("no entry after " + (to - 1));
            }
            return page.removeFirst();
        }
    }

    /// The stored checkpoints up to a size, by size.
    private final class Notes implements Iterator<String> {
        private final Deque<String> page = new ArrayDeque<>();
        private final long until;
        private long after = -1;

        Notes(long until) {
            this.until = until;
        }

        @Override
        public boolean hasNext() {
            if (page.isEmpty() && after < until) {
                List<PostgresLedger.StoredNote> notes =
                        database.read(handle -> PostgresLedger.notes(handle, after, until, PAGE_NOTES));
                notes.forEach(note -> page.add(note.note()));
                after = notes.isEmpty() ? until : notes.getLast().size();
            }
            return !page.isEmpty();
        }

        @Override
        public String next() {
            if (!hasNext()) {
                throw new NoSuchElementException("no checkpoint above " + after);
            }
            return page.removeFirst();
        }
    }
}
