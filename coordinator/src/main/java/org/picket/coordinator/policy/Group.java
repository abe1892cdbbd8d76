package org.picket.coordinator.policy;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/// A group as conditions look it up: every member with every prefix.
///
/// @param variants those of one set stand together
/// @param overrides the first one whose context holds takes the place of `variants`
record Group(String id, List<Variant> variants, List<Override> overrides) {
    Group {
        variants = List.copyOf(variants);
        overrides = List.copyOf(overrides);
    }

    /// A member with one of its prefixes.
    ///
    /// @param own its plain threshold, without `add`
    /// @param add what the prefix adds to its thresholds
    /// @param set variants with the same number exclude each other
    record Variant(String concept, OptionalDouble own, Map<String, Double> tiers, double add, int set) {
        OptionalDouble threshold(Level level) {
            return level.of(own, tiers, add);
        }
    }

    record Override(String context, List<Variant> variants) {
        Override {
            variants = List.copyOf(variants);
        }
    }

    /// Those of its members and of its overrides'.
    List<String> everyConcept() {
        return Stream.concat(variants.stream(), overrides.stream().flatMap(other -> other.variants().stream()))
                .map(Variant::concept)
                .distinct()
                .toList();
    }

    /// Whether some variants exclude others.
    static boolean exclusive(List<Variant> variants) {
        for (int i = 1; i < variants.size(); i++) {
            if (variants.get(i).set() == variants.get(i - 1).set()) {
                return true;
            }
        }
        return false;
    }
}
