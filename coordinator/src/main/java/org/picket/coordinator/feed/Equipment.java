package org.picket.coordinator.feed;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.proto.bundle.Needs;
import org.picket.proto.seal.Digest;

/// What an agent has to work with, by its own word.
///
/// @param bundles that it can run, by digest
/// @param providerClass of its engines
/// @param memory that they may use, in bytes; empty: it does not say
public record Equipment(Set<ByteString> bundles, String providerClass, OptionalLong memory) {
    public Equipment {
        bundles = Set.copyOf(bundles);
    }

    /// Of an agent that says no more.
    public Equipment(Set<ByteString> bundles) {
        this(bundles, "", OptionalLong.empty());
    }

    /// Those of its bundles whose needs it meets.
    Set<ByteString> able(StorageTerms terms) {
        Map<Digest, Needs> needs = terms.admission().needs();
        return needs.isEmpty()
                ? bundles
                : bundles.stream()
                        .filter(bundle -> lacking(needs, bundle).isEmpty())
                        .collect(Collectors.toSet());
    }

    /// What it lacks for one of its bundles that the terms ask for, in words.
    Optional<String> lacking(StorageTerms terms) {
        return bundles.stream()
                .flatMap(bundle -> lacking(terms.admission().needs(), bundle).stream())
                .sorted()
                .findFirst();
    }

    private Optional<String> lacking(Map<Digest, Needs> needs, ByteString bundle) {
        return needs.entrySet().stream()
                .filter(each -> each.getKey().bytes().equals(bundle))
                .flatMap(each -> each.getValue().lacking(providerClass, memory).stream())
                .findFirst();
    }
}
