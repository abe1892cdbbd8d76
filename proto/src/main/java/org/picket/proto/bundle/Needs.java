package org.picket.proto.bundle;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.picket.proto.v1.BundleNeeds;

/// What a bundle asks of an agent that runs it, as its manifest says. Pure.
///
/// @param memoryBytes where its provider computes, unsigned; 0: any will do
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
    /// @param providerClass such as `cuda-fp16-ort1.29-amd64`, of which the first word counts
    /// @param memory that it may use, in bytes, unsigned; empty: nobody tells, and it is believed to be able to run
    /// what it names
    public Optional<String> lacking(String providerClass, OptionalLong memory) {
        String provider = providerClass.split("-", 2)[0];
        if (!providers.isEmpty() && !providers.contains(provider)) {
            return Optional.of("it needs "
                    + String.join(" or ", providers.stream().sorted().toList()) + ", and this agent computes by "
                    + (provider.isEmpty() ? "what it does not say" : provider));
        }
        return memory.isPresent() && Long.compareUnsigned(memory.getAsLong(), memoryBytes) < 0
                ? Optional.of("it needs " + megabytes(memoryBytes) + " of memory, and this agent has "
                        + megabytes(memory.getAsLong()))
                : Optional.empty();
    }

    private static String megabytes(long bytes) {
        return Long.toUnsignedString(Long.divideUnsigned(bytes, MEGABYTE)) + " MB";
    }
}
