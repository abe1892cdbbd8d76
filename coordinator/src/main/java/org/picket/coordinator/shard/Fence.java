package org.picket.coordinator.shard;

import java.util.Optional;
import org.picket.proto.id.LeaseId;

/// The right to change a shard: random lease id, rising lease epoch, and the term of the coordinator that
/// granted it.
///
/// @param lease 128 random bits
/// @param epoch rises by one with each lease of the shard
/// @param term of the coordinator's start
public record Fence(LeaseId lease, long epoch, long term) {
    /// Reads the wire's form; empty where it is none.
    public static Optional<Fence> of(org.picket.proto.v1.Fence fence) {
        try {
            return Optional.of(new Fence(LeaseId.of(fence.getLeaseId()), fence.getLeaseEpoch(), fence.getTerm()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// The wire's form.
    public org.picket.proto.v1.Fence wire() {
        return org.picket.proto.v1.Fence.newBuilder()
                .setLeaseId(lease.bytes())
                .setLeaseEpoch(epoch)
                .setTerm(term)
                .build();
    }
}
