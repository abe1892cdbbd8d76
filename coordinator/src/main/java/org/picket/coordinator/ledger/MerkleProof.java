package org.picket.coordinator.ledger;

import java.util.ArrayList;
import java.util.List;
import org.picket.proto.seal.Digest;

/// Proofs about a Merkle tree, made (RFC 9162, sections 2.1.3.1 and 2.1.4.1) and checked (2.1.3.2 and 2.1.4.2).
///
/// @param path hashes in the order that the RFC gives them
public record MerkleProof(List<Digest> path) {

    public MerkleProof {
        path = List.copyOf(path);
    }

    /// Where the hashes of perfect subtrees come from.
    @FunctionalInterface
    interface Nodes {
        /// The subtree of 2^level leaves which is the index-th of its level; level 0 is the leaves.
        Digest node(int level, long index);
    }

    /// Proves that the entry at `index` is in the tree of `size` leaves.
    static MerkleProof inclusion(Nodes nodes, long index, long size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("entry " + index + " is not in a tree of " + size);
        }
        List<Digest> path = new ArrayList<>();
        inclusion(nodes, index, 0, size, path);
        return new MerkleProof(path);
    }

    /// Proves that the tree of `earlier` leaves is the beginning of the tree of `later` leaves.
    static MerkleProof consistency(Nodes nodes, long earlier, long later) {
        if (earlier < 0 || earlier > later) {
            throw new IllegalArgumentException("a tree of " + earlier + " is not the beginning of one of " + later);
        }
        List<Digest> path = new ArrayList<>();
        if (earlier > 0 && earlier < later) {
            consistency(nodes, earlier, 0, later, true, path);
        }
        return new MerkleProof(path);
    }

    /// The root of the tree of `size` leaves.
    static Digest root(Nodes nodes, long size) {
        return size == 0 ? MerkleHash.EMPTY : subtree(nodes, 0, size);
    }

    private static void inclusion(Nodes nodes, long index, long start, long size, List<Digest> path) {
        if (size == 1) {
            return;
        }
        long left = largestPowerBelow(size);
        if (index < left) {
            inclusion(nodes, index, start, left, path);
            path.add(subtree(nodes, start + left, size - left));
        } else {
            inclusion(nodes, index - left, start + left, size - left, path);
            path.add(subtree(nodes, start, left));
        }
    }

    private static void consistency(
            Nodes nodes, long earlier, long start, long size, boolean whole, List<Digest> path) {
        if (earlier == size) {
            if (!whole) {
                path.add(subtree(nodes, start, size));
            }
            return;
        }
        long left = largestPowerBelow(size);
        if (earlier <= left) {
            consistency(nodes, earlier, start, left, whole, path);
            path.add(subtree(nodes, start + left, size - left));
        } else {
            consistency(nodes, earlier - left, start + left, size - left, false, path);
            path.add(subtree(nodes, start, left));
        }
    }

    /// `start` is always a multiple of the largest power of two within `size`, for subtrees are cut from the
    /// left.
    private static Digest subtree(Nodes nodes, long start, long size) {
        if (Long.bitCount(size) == 1) {
            int level = Long.numberOfTrailingZeros(size);
            return nodes.node(level, start >> level);
        }
        long left = largestPowerBelow(size);
        return MerkleHash.node(subtree(nodes, start, left), subtree(nodes, start + left, size - left));
    }

    private static long largestPowerBelow(long size) {
        return Long.highestOneBit(size - 1);
    }

    /// Whether this path leads from `leaf` at `index` to `root` of a tree of `size`.
    public boolean provesInclusion(Digest leaf, long index, long size, Digest root) {
        if (index < 0 || index >= size) {
            return false;
        }
        long fn = index;
        long sn = size - 1;
        Digest hash = leaf;
        for (Digest next : path) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                hash = MerkleHash.node(next, hash);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                hash = MerkleHash.node(hash, next);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && hash.equals(root);
    }

    /// Whether this path shows that a tree of `earlier` leaves with `earlierRoot` grew into one of `later`
    /// leaves with `laterRoot`.
    public boolean provesConsistency(long earlier, Digest earlierRoot, long later, Digest laterRoot) {
        if (earlier < 0 || earlier > later) {
            return false;
        }
        if (earlier == later) {
            return path.isEmpty() && earlierRoot.equals(laterRoot);
        }
        if (earlier == 0) {
            return path.isEmpty() && earlierRoot.equals(MerkleHash.EMPTY);
        }
        List<Digest> hashes = new ArrayList<>(path);
        if (Long.bitCount(earlier) == 1) {
            hashes.addFirst(earlierRoot);
        }
        if (hashes.isEmpty()) {
            return false;
        }
        int perfect = Long.numberOfTrailingZeros(earlier);
        return climb(hashes, (earlier - 1) >> perfect, (later - 1) >> perfect, earlierRoot, laterRoot);
    }

    private static boolean climb(List<Digest> hashes, long first, long last, Digest earlierRoot, Digest laterRoot) {
        long fn = first;
        long sn = last;
        Digest fr = hashes.getFirst();
        Digest sr = fr;
        for (Digest next : hashes.subList(1, hashes.size())) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                fr = MerkleHash.node(next, fr);
                sr = MerkleHash.node(next, sr);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                sr = MerkleHash.node(sr, next);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && fr.equals(earlierRoot) && sr.equals(laterRoot);
    }
}
