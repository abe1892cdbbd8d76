package org.picket.coordinator.ruling;

import java.util.Optional;
import java.util.Set;
import org.picket.proto.v1.BundleNeeds;

/// What a bundle asks of an agent that runs it, as its manifest says.
///
/// @param memoryBytes where its provider computes; 0: any will do
/// @param providers words that its provider class begins with, one of them; empty: any will do
public record Needs(long memoryBytes, Set<String> providers) {
    private static final long MEGABYTE = 1_000_000;

    public Needs {
        providers = Set.copyOf(providers);
    }

    /// As a manifest says them.
    public static Needs of(BundleNeeds needs) {
        return new Needs(needs.getMemoryBytes(), Set.copyOf(needs.getProvidersList()));
    }

    /// Whether nothing is asked.
    public boolean none() {
        return memoryBytes == 0 && providers.isEmpty();
    }

    /// What such an agent lacks, in words; empty: nothing.
    ///
    /// @param providerClass as it tells, such as `cuda-fp16-ort1.29-amd64`
    /// @param memory that it may use, in bytes; 0: it does not say, and is believed to be able to run what it names
    public Optional<String> lacking(String providerClass, long memory) {
        String provider = providerClass.split("-", 2)[0];
        if (!providers.isEmpty() && !providers.contains(provider)) {
            return Optional.of("it needs "
                    + String.join(" or ", providers.stream().sorted().toList()) + ", and this agent computes by "
                    + (provider.isEmpty() ? "what it does not say" : provider));
        }
        return memory != 0 && Long.compareUnsigned(memory, memoryBytes) < 0
                ? Optional.of("it needs " + Long.divideUnsigned(memoryBytes, MEGABYTE)
                        + " MB of memory, and this agent has " + Long.divideUnsigned(memory, MEGABYTE) + " MB")
                : Optional.empty();
    }
}
