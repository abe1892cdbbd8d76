package org.picket.agent.inference;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.picket.proto.v1.BundleNeeds;
import org.picket.runtime.terminal.Amounts;

/// What a machine can run bundles with. A coordinator gives no leases of a bundle to those that lack what it needs, by
/// the same rule; and one that does not fit into the memory would end the process.
///
/// @param provider what computes
/// @param memory where it computes, in bytes; empty: nobody tells
public record Ability(Provider provider, OptionalLong memory) {
    /// What it lacks for a bundle of such needs, in words; empty: nothing.
    public Optional<String> lacking(BundleNeeds needs) {
        List<String> providers = needs.getProvidersList();
        if (!providers.isEmpty() && !providers.contains(provider.word())) {
            return Optional.of(
                    "it needs " + String.join(" or ", providers) + ", and this agent computes by " + provider.word());
        }
        long needed = needs.getMemoryBytes();
        return memory.isPresent() && Long.compareUnsigned(memory.getAsLong(), needed) < 0
                ? Optional.of(
                        "it needs " + words(needed) + " of memory, and this agent has " + words(memory.getAsLong()))
                : Optional.empty();
    }

    private static String words(long bytes) {
        return Amounts.bytes(bytes < 0 ? Long.MAX_VALUE : bytes);
    }
}
