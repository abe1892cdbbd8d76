package org.picket.coordinator.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.picket.coordinator.policy.Condition.Counted;
import org.picket.coordinator.policy.Condition.ScoreTest;
import org.picket.coordinator.policy.Condition.Step;
import org.picket.coordinator.policy.Group.Variant;
import org.picket.proto.v1.PolicyFile;

/// Writes out conditions on groups. For one thread.
final class GroupTests {
    /// What one member counts at most.
    static final int COUNTS_LIMIT = 16;

    private final Reading reading;
    private final Map<String, Group> groups;
    private final Map<String, Condition> contexts;

    GroupTests(Reading reading, Map<String, Group> groups, Map<String, Condition> contexts) {
        this.reading = reading;
        this.groups = groups;
        this.contexts = contexts;
    }

    Optional<Group> group(Place.Spot spot, String id) {
        var group = Optional.ofNullable(groups.get(id));
        if (group.isEmpty()) {
            reading.fault(spot, "unknown group \"" + id + "\": there are " + Reading.named(groups.keySet()));
        }
        return group;
    }

    /// @param faulty its thresholds were told to be faulty already
    Optional<Condition> test(Place place, PolicyFile.Condition condition, Optional<Level> level, boolean faulty) {
        var spot = place.at(PolicyFile.Condition.GROUP_FIELD_NUMBER);
        var group = group(spot, condition.getGroup());
        if (group.isEmpty() || level.isEmpty() && faulty) {
            return Optional.empty();
        }
        var asked = new Asked(place, condition, level.orElse(new Level.Own()), weights(place, condition));
        var test = test(asked, group.get().variants());
        for (var override : group.get().overrides().reversed()) {
            var context = contexts.get(override.context());
            if (context == null) {
                reading.fault(
                        spot,
                        "group \"" + condition.getGroup() + "\" has an override for context \"" + override.context()
                                + "\", which is not known here: there are " + Reading.named(contexts.keySet()));
                return Optional.empty();
            }
            var other = test(asked, override.variants());
            var otherwise = test;
            test = other.flatMap(then -> otherwise.map(
                    base -> new Condition.Either(new Condition.Named(override.context(), context), then, base)));
        }
        return test;
    }

    /// A condition on a group, all but the members.
    private record Asked(Place place, PolicyFile.Condition condition, Level level, List<Weight> weights) {
        Place.Spot spot() {
            return place.at(PolicyFile.Condition.GROUP_FIELD_NUMBER);
        }

        int atLeast() {
            return condition.hasAtLeast() ? condition.getAtLeast() : 1;
        }
    }

    private record Weight(Level.Named tier, int counts) {}

    private List<Weight> weights(Place place, PolicyFile.Condition condition) {
        var weights = new ArrayList<Weight>();
        var seen = new HashSet<Integer>();
        for (int i = 0; i < condition.getWeightCount(); i++) {
            var weight = condition.getWeight(i);
            var at = place.in(PolicyFile.Condition.WEIGHT_FIELD_NUMBER, i);
            reading.identifier(at.at(PolicyFile.Weight.TIER_FIELD_NUMBER), "the weight's tier", weight.getTier());
            if (weight.getCounts() < 2 || weight.getCounts() > COUNTS_LIMIT) {
                reading.fault(
                        at.at(PolicyFile.Weight.COUNTS_FIELD_NUMBER),
                        "`counts` " + Integer.toUnsignedString(weight.getCounts()) + " is not in 2 to " + COUNTS_LIMIT);
            } else if (!seen.add(weight.getCounts())) {
                reading.fault(at.at(PolicyFile.Weight.COUNTS_FIELD_NUMBER), "two weights count the same");
            } else {
                weights.add(new Weight(new Level.Named(weight.getTier()), weight.getCounts()));
            }
        }
        weights.sort(Comparator.comparingInt(Weight::counts).reversed());
        return weights;
    }

    private Optional<Condition> test(Asked asked, List<Variant> variants) {
        var members = new ArrayList<Counted>();
        int most = 0;
        int set = -1;
        int best = 0;
        for (var variant : variants) {
            var steps = steps(asked, variant);
            if (steps.isEmpty()) {
                continue;
            }
            var member = new Counted(variant.concept(), steps, variant.set());
            members.add(member);
            int before = set == variant.set() ? best : 0;
            best = Math.max(before, member.most());
            most += best - before;
            set = variant.set();
        }
        if (members.size() < variants.size()) {
            return Optional.empty();
        }
        if (asked.atLeast() < 1 || asked.atLeast() > most) {
            reading.fault(
                    asked.place().at(PolicyFile.Condition.AT_LEAST_FIELD_NUMBER),
                    "`at_least` " + Integer.toUnsignedString(asked.atLeast()) + " is not in 1 to " + most
                            + (most == variants.size() ? ", the size of group \"" : ", what can be counted in group \"")
                            + asked.condition().getGroup() + "\"");
            return Optional.empty();
        }
        return Optional.of(condition(asked, variants, members));
    }

    private static Condition condition(Asked asked, List<Variant> variants, List<Counted> members) {
        var id = asked.condition().getGroup();
        if (asked.weights().isEmpty() && !Group.exclusive(variants)) {
            return new Condition.GroupTest(
                    id,
                    asked.atLeast(),
                    members.stream()
                            .map(member -> new ScoreTest(
                                    member.concept(), member.steps().getFirst().gte()))
                            .toList());
        }
        return new Condition.CountTest(id, asked.atLeast(), members);
    }

    /// What the variant counts from which score on; none where it lacks a threshold.
    private List<Step> steps(Asked asked, Variant variant) {
        var steps = new ArrayList<Step>();
        for (var weight : asked.weights()) {
            step(asked, variant, weight.tier(), weight.counts()).ifPresent(steps::add);
        }
        step(asked, variant, asked.level(), 1).ifPresent(steps::add);
        return steps.size() == asked.weights().size() + 1 ? steps : List.of();
    }

    private Optional<Step> step(Asked asked, Variant variant, Level level, int counts) {
        var gte = variant.threshold(level);
        if (gte.isEmpty()) {
            reading.fault(
                    asked.spot(),
                    "member \"" + variant.concept() + "\" of group \""
                            + asked.condition().getGroup() + "\" " + level.missing(variant.tiers()));
            return Optional.empty();
        }
        return reading.threshold(asked.spot(), gte.getAsDouble()).isPresent()
                ? Optional.of(new Step(gte.getAsDouble(), counts))
                : Optional.empty();
    }
}
