package org.picket.coordinator.policy;

import java.util.Map;
import java.util.OptionalDouble;

/// Which of its thresholds a condition asks a concept for.
sealed interface Level {

    /// The one that is written in the condition.
    record Given(double gte) implements Level {}

    /// The concept's own, or its group's.
    record Own() implements Level {}

    /// A named one.
    record Named(String tier) implements Level {}

    /// One between two named ones.
    record Between(String tier, String toward, double fraction) implements Level {}

    /// The threshold, if the concept has one of this kind.
    ///
    /// @param own the concept's plain threshold
    /// @param add on top of it
    default OptionalDouble of(OptionalDouble own, Map<String, Double> tiers, double add) {
        return switch (this) {
            case Given(double gte) -> OptionalDouble.of(Exact.sum(gte, add));
            case Own() -> own.isPresent() ? OptionalDouble.of(Exact.sum(own.getAsDouble(), add)) : own;
            case Named(String tier) ->
                tiers.containsKey(tier) ? OptionalDouble.of(Exact.sum(tiers.get(tier), add)) : OptionalDouble.empty();
            case Between(String tier, String toward, double fraction) ->
                tiers.containsKey(tier) && tiers.containsKey(toward)
                        ? OptionalDouble.of(Exact.between(tiers.get(tier), tiers.get(toward), fraction, add))
                        : OptionalDouble.empty();
        };
    }

    /// What a concept lacks that has no such threshold, and where it can be written.
    default String missing(Map<String, Double> tiers) {
        return switch (this) {
            case Given _, Own _ -> "has no sound threshold: give `gte` here, to the member or to the group";
            case Named(String tier) -> lacks(tier);
            case Between between -> lacks(tiers.containsKey(between.tier()) ? between.toward() : between.tier());
        };
    }

    private static String lacks(String tier) {
        return "has no tier \"" + tier + "\": give it one, there or in a `scale`";
    }
}
