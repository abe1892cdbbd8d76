package org.picket.coordinator.shard;

/// What a command comes to.
public sealed interface ShardDecision {
    /// The shard is now in that state.
    record Next(ShardState state) implements ShardDecision {}

    /// The first object not ruled broke lease after lease, alone: it is ruled INCONCLUSIVE, and the shard goes
    /// on.
    record Poison(ShardState state) implements ShardDecision {}

    /// Nothing changes.
    record Refused(Why why) implements ShardDecision {}

    /// Why a command has no effect.
    enum Why {
        NOT_OPEN,
        NOT_LEASED,
        WRONG_FENCE,
        RULED
    }
}
