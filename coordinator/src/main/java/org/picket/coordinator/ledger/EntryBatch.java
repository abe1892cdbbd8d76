package org.picket.coordinator.ledger;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.picket.proto.seal.Digest;

/// The entries of one stored row.
///
/// @param first number of the first one
/// @param leaves their leaf hashes
/// @param bodies as many
record EntryBatch(long first, List<Digest> leaves, List<ByteString> bodies) {
    /// The most entries in one row: their leaf hashes take 8 KiB.
    static final int MOST_ENTRIES = 256;

    /// The most bytes in one row, unless it is of one entry: two rows fill a page.
    static final int MOST_BYTES = 3_900;

    EntryBatch {
        leaves = List.copyOf(leaves);
        bodies = List.copyOf(bodies);
        if (bodies.isEmpty() || bodies.size() > MOST_ENTRIES || bodies.size() != leaves.size()) {
            throw new IllegalArgumentException(
                    "a batch of " + leaves.size() + " leaf hashes and " + bodies.size() + " bodies");
        }
    }

    /// Cuts `bodies` into rows, the first of which begins at `first`.
    static List<EntryBatch> cut(long first, List<ByteString> bodies) {
        List<EntryBatch> batches = new ArrayList<>();
        List<ByteString> row = new ArrayList<>();
        long start = first;
        long bytes = 0;
        for (ByteString body : bodies) {
            if (row.size() == MOST_ENTRIES || (!row.isEmpty() && bytes + stored(body) > MOST_BYTES)) {
                batches.add(of(start, row));
                start += row.size();
                row.clear();
                bytes = 0;
            }
            row.add(body);
            bytes += stored(body);
        }
        if (!row.isEmpty()) {
            batches.add(of(start, row));
        }
        return batches;
    }

    private static int stored(ByteString body) {
        return CodedOutputStream.computeBytesSizeNoTag(body) + Digest.LENGTH;
    }

    private static EntryBatch of(long first, List<ByteString> bodies) {
        return new EntryBatch(first, bodies.stream().map(MerkleHash::leaf).toList(), bodies);
    }

    /// The same entries, `by` places further on.
    EntryBatch shifted(long by) {
        return new EntryBatch(first + by, leaves, bodies);
    }

    byte[] leafBytes() {
        byte[] bytes = new byte[leaves.size() * Digest.LENGTH];
        for (int i = 0; i < leaves.size(); i++) {
            leaves.get(i).bytes().copyTo(bytes, i * Digest.LENGTH);
        }
        return bytes;
    }

    byte[] bodyBytes() {
        int size = bodies.stream()
                .mapToInt(CodedOutputStream::computeBytesSizeNoTag)
                .sum();
        byte[] bytes = new byte[size];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            for (ByteString body : bodies) {
                out.writeBytesNoTag(body);
            }
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes;
    }

    /// Reads a row, as far as it can be read: what somebody made of it is for the verifier to judge.
    static List<StoredEntry> entries(long first, byte[] leaves, byte[] bodies) {
        List<StoredEntry> entries = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(bodies);
        ByteString hashes = ByteString.copyFrom(leaves);
        try {
            while (!in.isAtEnd()) {
                int from = entries.size() * Digest.LENGTH;
                Optional<Digest> leaf = from + Digest.LENGTH <= hashes.size()
                        ? Optional.of(new Digest(hashes.substring(from, from + Digest.LENGTH)))
                        : Optional.empty();
                entries.add(new StoredEntry(first + entries.size(), in.readBytes(), leaf));
            }
        } catch (IOException torn) {
            // Its lengths were tampered with: the entries after this point are missing, and the verifier says so.
            return entries;
        }
        return entries;
    }
}
