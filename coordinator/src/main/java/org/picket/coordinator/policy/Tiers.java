package org.picket.coordinator.policy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.picket.proto.v1.PolicyFile;

/// Reads named thresholds. For one thread.
final class Tiers {
    /// Of one concept.
    static final int LIMIT = 16;

    private final Reading reading;
    private final Map<String, Map<String, Double>> scales = new HashMap<>();

    Tiers(Reading reading) {
        this.reading = reading;
    }

    void scale(Place place, PolicyFile.Scale scale) {
        if (scale.getConceptCount() == 0) {
            reading.fault(place.start(), "a scale names the `concept` that it is for");
        }
        var tiers = read(place, PolicyFile.Scale.TIER_FIELD_NUMBER, scale.getTierList());
        if (scale.getTierCount() == 0) {
            reading.fault(place.start(), "a scale without a `tier` says nothing");
        }
        for (int i = 0; i < scale.getConceptCount(); i++) {
            var concept = scale.getConcept(i);
            if (scales.putIfAbsent(concept, tiers) != null) {
                reading.fault(
                        place.at(PolicyFile.Scale.CONCEPT_FIELD_NUMBER, i),
                        "concept \"" + concept + "\" has a scale already");
            }
        }
    }

    /// Those of the concept's scale; none where it has none.
    Map<String, Double> of(String concept) {
        return scales.getOrDefault(concept, Map.of());
    }

    /// Reads a list of tiers.
    ///
    /// @param field of the message at `place` that holds them
    Map<String, Double> read(Place place, int field, List<PolicyFile.Tier> tiers) {
        if (tiers.size() > LIMIT) {
            reading.fault(place.at(field, LIMIT), "more than " + LIMIT + " tiers");
        }
        var read = new LinkedHashMap<String, Double>();
        for (int i = 0; i < Math.min(tiers.size(), LIMIT); i++) {
            var tier = tiers.get(i);
            var at = place.in(field, i);
            reading.identifier(at.at(PolicyFile.Tier.NAME_FIELD_NUMBER), "the tier's name", tier.getName());
            var value = value(at, tier, read);
            if (value.isPresent() && read.putIfAbsent(tier.getName(), value.getAsDouble()) != null) {
                reading.fault(at.at(PolicyFile.Tier.NAME_FIELD_NUMBER), "duplicate tier \"" + tier.getName() + "\"");
            }
        }
        return Map.copyOf(read);
    }

    private OptionalDouble value(Place at, PolicyFile.Tier tier, Map<String, Double> before) {
        boolean relative = !tier.getAbove().isEmpty();
        if (relative == tier.hasGte() || relative != tier.hasPlus()) {
            reading.fault(at.start(), "tier \"" + tier.getName() + "\" needs `gte`, or `above` and `plus`");
            return OptionalDouble.empty();
        }
        if (!relative) {
            return reading.threshold(at.at(PolicyFile.Tier.GTE_FIELD_NUMBER), tier.getGte());
        }
        if (!before.containsKey(tier.getAbove())) {
            reading.fault(
                    at.at(PolicyFile.Tier.ABOVE_FIELD_NUMBER),
                    "unknown tier \"" + tier.getAbove() + "\": before it there are " + Reading.named(before.keySet()));
            return OptionalDouble.empty();
        }
        var spot = at.at(PolicyFile.Tier.PLUS_FIELD_NUMBER);
        return reading.offset(spot, "`plus`", tier.getPlus())
                ? reading.threshold(spot, Exact.sum(before.get(tier.getAbove()), tier.getPlus()))
                : OptionalDouble.empty();
    }
}
