package org.picket.coordinator.shard;

import java.util.Objects;

/// What was ruled of a shard so far.
///
/// @param ruled objects
/// @param afterKey the last key among them; empty: none
/// @param rulings their rulings
/// @param digest chained over all reports; empty before the first
public record RuledPast(int ruled, String afterKey, RulingBits rulings, byte[] digest) {
    /// Nothing yet.
    public static final RuledPast NONE = new RuledPast(0, "", RulingBits.EMPTY, new byte[0]);

    public RuledPast {
        Objects.requireNonNull(afterKey);
        Objects.requireNonNull(rulings);
        digest = digest.clone();
    }

    @Override
    public byte[] digest() {
        return digest.clone();
    }

    @Override
    public String toString() {
        return "RuledPast[" + ruled + "]";
    }
}
