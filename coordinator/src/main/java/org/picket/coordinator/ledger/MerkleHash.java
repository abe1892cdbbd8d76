package org.picket.coordinator.ledger;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import org.picket.proto.seal.Digest;

/// The two hashes of RFC 6962, section 2.1: their first byte keeps a leaf from passing for a node.
final class MerkleHash {
    /// The root of the tree without entries: SHA-256 of nothing.
    static final Digest EMPTY = Digest.of(new byte[0]);

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private MerkleHash() {}

    static Digest leaf(ByteString body) {
        MessageDigest digest = Digest.sha256();
        digest.update(LEAF);
        body.asReadOnlyByteBufferList().forEach(digest::update);
        return Digest.finish(digest);
    }

    static Digest node(Digest left, Digest right) {
        MessageDigest digest = Digest.sha256();
        digest.update(NODE);
        left.bytes().asReadOnlyByteBufferList().forEach(digest::update);
        right.bytes().asReadOnlyByteBufferList().forEach(digest::update);
        return Digest.finish(digest);
    }
}
