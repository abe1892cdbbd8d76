package org.picket.coordinator.ledger;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.picket.proto.seal.Digest;

/// All of a Merkle tree that appending needs: the roots of the perfect subtrees it divides into, one for each
/// bit set in its size. A tree of a million leaves has at most twenty.
///
/// Kept smallest subtree first: an append then changes the beginning and leaves the rest, which PostgreSQL,
/// logging only the bytes that differ, turns into a short record.
///
/// @param size number of leaves
/// @param roots of the perfect subtrees, smallest (rightmost) first
record MerkleFrontier(long size, List<Digest> roots) {
    static final MerkleFrontier EMPTY = new MerkleFrontier(0, List.of());

    MerkleFrontier {
        roots = List.copyOf(roots);
        if (size < 0 || roots.size() != Long.bitCount(size)) {
            throw new IllegalArgumentException(
                    "a tree of " + size + " leaves has " + Long.bitCount(size) + " subtrees, not " + roots.size());
        }
    }

    /// A perfect subtree of 2^level leaves, the index-th of its level.
    record Node(int level, long index, Digest hash) {}

    /// @param frontier the tree with the new leaves
    /// @param completed every perfect subtree of level 1 and more that the new leaves made whole
    record Grown(MerkleFrontier frontier, List<Node> completed) {}

    /// The tree with `leaves` at its right.
    Grown append(List<Digest> leaves) {
        List<Digest> stack = new ArrayList<>(roots.reversed());
        List<Node> completed = new ArrayList<>();
        long position = size;
        for (Digest leaf : leaves) {
            Digest hash = leaf;
            // As in binary addition: each subtree of equal height that is there already is carried into the next.
            for (int level = 0; (position >> level & 1) == 1; level++) {
                hash = MerkleHash.node(stack.removeLast(), hash);
                completed.add(new Node(level + 1, position >> (level + 1), hash));
            }
            stack.add(hash);
            position++;
        }
        return new Grown(new MerkleFrontier(position, stack.reversed()), completed);
    }

    /// The root of the whole tree.
    Digest root() {
        if (roots.isEmpty()) {
            return MerkleHash.EMPTY;
        }
        Digest root = roots.getFirst();
        for (Digest left : roots.subList(1, roots.size())) {
            root = MerkleHash.node(left, root);
        }
        return root;
    }

    /// The roots one after another.
    byte[] toByteArray() {
        byte[] bytes = new byte[roots.size() * Digest.LENGTH];
        for (int i = 0; i < roots.size(); i++) {
            roots.get(i).bytes().copyTo(bytes, i * Digest.LENGTH);
        }
        return bytes;
    }

    /// Reads what [#toByteArray] wrote.
    ///
    /// @throws IllegalArgumentException where the bytes do not fit the size
    static MerkleFrontier of(long size, byte[] bytes) {
        return new MerkleFrontier(size, digests(ByteString.copyFrom(bytes)));
    }

    /// Cuts a row of digests into its parts.
    static List<Digest> digests(ByteString bytes) {
        if (bytes.size() % Digest.LENGTH != 0) {
            throw new IllegalArgumentException("a row of digests cannot have " + bytes.size() + " bytes");
        }
        List<Digest> digests = new ArrayList<>(bytes.size() / Digest.LENGTH);
        for (int at = 0; at < bytes.size(); at += Digest.LENGTH) {
            digests.add(new Digest(bytes.substring(at, at + Digest.LENGTH)));
        }
        return digests;
    }
}
