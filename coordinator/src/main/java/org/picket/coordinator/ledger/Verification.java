package org.picket.coordinator.ledger;

import org.picket.proto.seal.Digest;

/// What came of verifying a ledger.
public sealed interface Verification {
    /// Nothing was changed, added in between, left out or reordered up to the newest checkpoint, and every
    /// entry is what it claims to be.
    ///
    /// @param size number of entries
    /// @param root of the Merkle tree over them
    /// @param vouched how many of them a checkpoint covers; the rest is only consistent in itself
    record Verified(long size, Digest root, long vouched) implements Verification {}

    /// @param seq the first entry that cannot be trusted
    /// @param what is wrong, for a person
    record Broken(long seq, String what) implements Verification {}
}
