package org.picket.coordinator.policy;

import java.util.Optional;
import org.picket.proto.v1.PolicyFile;

/// Reads which threshold a condition asks for.
final class Levels {
    private Levels() {}

    /// The level; empty where it is faulty.
    ///
    /// @param tests whether the condition has a concept or group of its own
    static Optional<Level> read(Reading reading, Place place, PolicyFile.Condition condition, boolean tests) {
        boolean tier = !condition.getTier().isEmpty();
        boolean toward = !condition.getToward().isEmpty();
        if (!tests) {
            if (condition.hasGte()) {
                reading.fault(
                        place.at(PolicyFile.Condition.GTE_FIELD_NUMBER), "`gte` goes with a `concept` or a `group`");
            }
            if (tier || toward || condition.hasFraction()) {
                reading.fault(place.start(), "`tier`, `toward` and `fraction` go with a `concept` or a `group`");
            }
            return Optional.empty();
        }
        if (toward != condition.hasFraction() || toward && !tier) {
            reading.fault(place.start(), "`toward` and `fraction` go together, with a `tier`");
            return Optional.empty();
        }
        if (tier && condition.hasGte()) {
            reading.fault(place.at(PolicyFile.Condition.TIER_FIELD_NUMBER), "a condition has a `gte` or a `tier`");
            return Optional.empty();
        }
        if (condition.hasGte()) {
            var gte = reading.threshold(place.at(PolicyFile.Condition.GTE_FIELD_NUMBER), condition.getGte());
            return gte.isPresent() ? Optional.of(new Level.Given(gte.getAsDouble())) : Optional.empty();
        }
        if (toward) {
            double fraction = condition.getFraction();
            if (!(fraction >= 0 && fraction <= 1)) {
                reading.fault(
                        place.at(PolicyFile.Condition.FRACTION_FIELD_NUMBER),
                        "`fraction` " + fraction + " is not in [0, 1]");
                return Optional.empty();
            }
            return Optional.of(new Level.Between(condition.getTier(), condition.getToward(), fraction));
        }
        return Optional.of(tier ? new Level.Named(condition.getTier()) : new Level.Own());
    }
}
