package org.picket.coordinator.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.picket.proto.seal.Digest;

class MerkleTest {
    /// The leaves, roots and one path that Certificate Transparency's implementations of RFC 6962 are tested
    /// with.
    private static final List<String> PUBLISHED_LEAVES =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

    private static final List<String> PUBLISHED_ROOTS = List.of(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    private static final List<String> PUBLISHED_PATH_OF_0_IN_8 = List.of(
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");

    private static final int SIZES = 40;

    @Test
    void rootsAreThePublishedOnes() {
        List<Digest> leaves = publishedLeaves();
        for (int size = 0; size <= leaves.size(); size++) {
            Digest published = Digest.parseHex(PUBLISHED_ROOTS.get(size));
            assertEquals(published, tree(leaves.subList(0, size)).root(), "root of " + size);
            assertEquals(published, MerkleProof.root(nodes(leaves), size), "recomputed root of " + size);
        }
    }

    @Test
    void pathIsThePublishedOne() {
        MerkleProof proof = MerkleProof.inclusion(nodes(publishedLeaves()), 0, 8);
        assertEquals(PUBLISHED_PATH_OF_0_IN_8.stream().map(Digest::parseHex).toList(), proof.path());
    }

    @Test
    void rootDoesNotDependOnHowTheLeavesWereCutIntoAppends() {
        List<Digest> leaves = leaves(SIZES);
        for (int cut = 0; cut <= SIZES; cut++) {
            MerkleFrontier grown = tree(leaves.subList(0, cut))
                    .append(leaves.subList(cut, SIZES))
                    .frontier();
            assertEquals(tree(leaves), grown);
        }
    }

    @Test
    void completedSubtreesAreNamedByTheirPlace() {
        List<MerkleFrontier.Node> completed =
                MerkleFrontier.EMPTY.append(leaves(4)).completed();
        assertEquals(
                List.of("1/0", "1/1", "2/0"),
                completed.stream()
                        .map(node -> node.level() + "/" + node.index())
                        .toList());
        assertEquals(tree(leaves(4)).root(), completed.getLast().hash());
    }

    @Test
    void frontierSurvivesItsBytes() {
        for (int size = 0; size <= SIZES; size++) {
            MerkleFrontier tree = tree(leaves(size));
            assertEquals(tree, MerkleFrontier.of(size, tree.toByteArray()));
        }
    }

    @Test
    void frontierOfAnotherSizeIsRefused() {
        byte[] bytes = tree(leaves(7)).toByteArray();
        assertThrows(IllegalArgumentException.class, () -> MerkleFrontier.of(8, bytes));
        assertThrows(IllegalArgumentException.class, () -> MerkleFrontier.of(7, new byte[95]));
    }

    @Test
    void everyEntryIsProvenInEveryTreeThatHoldsIt() {
        List<Digest> leaves = leaves(SIZES);
        for (int size = 1; size <= SIZES; size++) {
            Digest root = tree(leaves.subList(0, size)).root();
            for (int index = 0; index < size; index++) {
                MerkleProof proof = MerkleProof.inclusion(nodes(leaves), index, size);
                assertTrue(proof.provesInclusion(leaves.get(index), index, size, root), index + " in " + size);
                assertFalse(proof.provesInclusion(leaves.get(index), size, size, root));
                assertFalse(proof.provesInclusion(MerkleHash.EMPTY, index, size, root));
                for (MerkleProof wrong : spoiled(proof)) {
                    assertFalse(wrong.provesInclusion(leaves.get(index), index, size, root), index + " in " + size);
                }
            }
        }
    }

    @Test
    void everyTreeIsProvenToBeTheBeginningOfLaterOnes() {
        List<Digest> leaves = leaves(SIZES);
        for (int later = 0; later <= SIZES; later++) {
            Digest laterRoot = tree(leaves.subList(0, later)).root();
            for (int earlier = 0; earlier <= later; earlier++) {
                Digest earlierRoot = tree(leaves.subList(0, earlier)).root();
                MerkleProof proof = MerkleProof.consistency(nodes(leaves), earlier, later);
                String what = earlier + " in " + later;
                assertTrue(proof.provesConsistency(earlier, earlierRoot, later, laterRoot), what);
                for (MerkleProof wrong : spoiled(proof)) {
                    assertFalse(wrong.provesConsistency(earlier, earlierRoot, later, laterRoot), what);
                }
                Digest foreign = MerkleHash.leaf(ByteString.copyFromUtf8("foreign"));
                assertFalse(proof.provesConsistency(earlier, foreign, later, laterRoot), what);
                // The empty tree is the beginning of every tree, whatever its root.
                assertEquals(
                        earlier == 0 && later > 0, proof.provesConsistency(earlier, earlierRoot, later, foreign), what);
            }
        }
    }

    @Test
    void leafNeverPassesForANode() {
        Digest left = MerkleHash.leaf(ByteString.copyFromUtf8("left"));
        Digest right = MerkleHash.leaf(ByteString.copyFromUtf8("right"));
        assertFalse(MerkleHash.leaf(left.bytes().concat(right.bytes())).equals(MerkleHash.node(left, right)));
    }

    /// One hash left out, one added, each one bent, two exchanged.
    private static List<MerkleProof> spoiled(MerkleProof proof) {
        List<MerkleProof> wrong = new ArrayList<>();
        List<Digest> path = proof.path();
        List<Digest> longer = new ArrayList<>(path);
        longer.add(MerkleHash.EMPTY);
        wrong.add(new MerkleProof(longer));
        for (int i = 0; i < path.size(); i++) {
            List<Digest> shorter = new ArrayList<>(path);
            shorter.remove(i);
            wrong.add(new MerkleProof(shorter));
            List<Digest> bent = new ArrayList<>(path);
            bent.set(i, MerkleHash.EMPTY);
            wrong.add(new MerkleProof(bent));
        }
        if (path.size() > 1) {
            List<Digest> exchanged = new ArrayList<>(path);
            exchanged.set(0, path.get(1));
            exchanged.set(1, path.get(0));
            wrong.add(new MerkleProof(exchanged));
        }
        return wrong;
    }

    private static MerkleFrontier tree(List<Digest> leaves) {
        return MerkleFrontier.EMPTY.append(leaves).frontier();
    }

    /// By the definition of RFC 6962, section 2.1, and nothing else.
    private static MerkleProof.Nodes nodes(List<Digest> leaves) {
        return new MerkleProof.Nodes() {
            @Override
            public Digest node(int level, long index) {
                return level == 0
                        ? leaves.get((int) index)
                        : MerkleHash.node(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
            }
        };
    }

    private static List<Digest> publishedLeaves() {
        return PUBLISHED_LEAVES.stream()
                .map(hex -> MerkleHash.leaf(ByteString.copyFrom(HexFormat.of().parseHex(hex))))
                .toList();
    }

    private static List<Digest> leaves(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> MerkleHash.leaf(ByteString.copyFromUtf8("leaf " + i)))
                .toList();
    }
}
