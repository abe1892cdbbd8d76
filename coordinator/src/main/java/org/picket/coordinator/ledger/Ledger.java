package org.picket.coordinator.ledger;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.LedgerBody;

/// Appends to the ledger, and vouches for it.
///
/// Works in the caller's transaction: the entries appear with whatever else it does, or not at all. From the
/// first append to its end the transaction holds the ledger's head, so that all appends of all coordinators
/// come one after another: gather a transaction's entries and append them once, last.
///
/// Safe for any number of threads.
public final class Ledger {
    /// The largest body.
    public static final int MOST_BODY_BYTES = 64 * 1024;
    /// The most entries of one append.
    public static final int MOST_ENTRIES = 4096;
    /// The least time between two checkpoints that nobody asked for.
    public static final Duration CHECKPOINT_EVERY = Duration.ofMinutes(1);

    private final String origin;
    private final SigningKey key;

    /// The head as this coordinator saw it last: as good as the stored one where that is the same, and the lock on it
    /// is taken a round trip later.
    private volatile MerkleFrontier seen = MerkleFrontier.EMPTY;

    /// @param origin names this ledger in its checkpoints, as in `example.org/ledger`; see [Checkpoint]
    /// @param key the coordinator's
    public Ledger(String origin, SigningKey key) {
        this.origin = new Checkpoint(origin, 0, MerkleHash.EMPTY).origin();
        this.key = key;
    }

    /// Appends `entries` in order.
    ///
    /// @return the number of the first one
    /// @throws IllegalStateException outside a transaction
    /// @throws IllegalArgumentException for no entry, too many, or one too large
    public long append(Handle handle, List<LedgerBody> entries) {
        requireTransaction(handle);
        if (entries.isEmpty() || entries.size() > MOST_ENTRIES) {
            throw new IllegalArgumentException(
                    "an append takes 1 to " + MOST_ENTRIES + " entries, not " + entries.size());
        }
        List<ByteString> bodies =
                entries.stream().map(MessageLite::toByteString).toList();
        if (bodies.stream().anyMatch(body -> body.size() > MOST_BODY_BYTES)) {
            throw new IllegalArgumentException("a ledger entry has at most " + MOST_BODY_BYTES + " bytes");
        }
        // Everything is hashed before the lock is taken but what depends on the tree's present size.
        List<EntryBatch> unplaced = EntryBatch.cut(0, bodies);
        List<Digest> leaves =
                unplaced.stream().flatMap(batch -> batch.leaves().stream()).toList();
        MerkleFrontier head = seen;
        MerkleFrontier.Grown grown = head.append(leaves);
        if (!append(handle, unplaced, head, grown)) {
            head = PostgresLedger.lockHead(handle);
            grown = head.append(leaves);
            if (!append(handle, unplaced, head, grown)) {
                throw new IllegalStateException("the ledger's head changed while it was locked");
            }
        }
        grown.completed().stream()
                .filter(node -> node.level() % PostgresLedger.LEVEL_STEP == 0)
                .forEach(node -> PostgresLedger.keep(handle, node));
        seen = grown.frontier();
        return head.size();
    }

    private static boolean append(
            Handle handle, List<EntryBatch> unplaced, MerkleFrontier head, MerkleFrontier.Grown grown) {
        List<EntryBatch> placed =
                unplaced.stream().map(batch -> batch.shifted(head.size())).toList();
        return PostgresLedger.append(handle, head, grown.frontier(), placed);
    }

    /// Signs and keeps a checkpoint of the present size, unless there is one.
    public SignedCheckpoint checkpoint(Handle handle, Instant now) {
        requireTransaction(handle);
        MerkleFrontier head = PostgresLedger.head(handle);
        Checkpoint checkpoint = new Checkpoint(origin, head.size(), head.root());
        Optional<PostgresLedger.StoredNote> newest = PostgresLedger.newestNote(handle);
        if (newest.isPresent() && newest.get().size() == head.size()) {
            return new SignedCheckpoint(checkpoint, newest.get().note());
        }
        String note = checkpoint.sign(key);
        PostgresLedger.keepNote(handle, head.size(), note, now);
        return new SignedCheckpoint(checkpoint, note);
    }

    /// [#checkpoint], if the ledger grew and the last one is a minute old.
    public Optional<SignedCheckpoint> checkpointIfDue(Handle handle, Instant now) {
        requireTransaction(handle);
        Optional<PostgresLedger.StoredNote> newest = PostgresLedger.newestNote(handle);
        if (newest.isPresent()) {
            boolean early = now.isBefore(newest.get().writtenAt().plus(CHECKPOINT_EVERY));
            if (early || newest.get().size() == PostgresLedger.head(handle).size()) {
                return Optional.empty();
            }
        }
        return Optional.of(checkpoint(handle, now));
    }

    /// Entries so far.
    public long size(Handle handle) {
        return PostgresLedger.head(handle).size();
    }

    /// A checkpoint with the note that proves it.
    public record SignedCheckpoint(Checkpoint checkpoint, String note) {}

    private static void requireTransaction(Handle handle) {
        if (!handle.isInTransaction()) {
            throw new IllegalStateException("the ledger is written in a transaction only");
        }
    }
}
