package org.picket.coordinator.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.PolicyFile;

/// Reads all that turns scores into rulings. For one thread.
final class ScoringReader {
    static final int RULE_LIMIT = 1000;
    static final int GROUP_LIMIT = 1000;

    /// Adjustments, scales, lists of prefixes.
    static final int ENTRY_LIMIT = 256;

    /// Score tests of all rules together, groups counted out.
    static final long SIZE_LIMIT = 1_000_000;

    private final Reading reading;
    private final Tiers tiers;
    private final GroupReader groups;
    private final ConditionReader conditions;

    ScoringReader(Reading reading) {
        this.reading = reading;
        this.tiers = new Tiers(reading);
        this.groups = new GroupReader(reading, tiers);
        this.conditions = new ConditionReader(reading, tiers, groups.groups());
    }

    /// Reads one entry of a list.
    @FunctionalInterface
    private interface Entry<T> {
        void read(Place place, T entry);
    }

    private <T> void each(Place place, int field, int limit, List<T> entries, Entry<T> entry) {
        if (entries.size() > limit) {
            reading.fault(
                    place.at(field, limit),
                    "more than " + limit + " of `"
                            + place.type().findFieldByNumber(field).getName() + "`");
        }
        for (int i = 0; i < Math.min(entries.size(), limit); i++) {
            entry.read(place.in(field, i), entries.get(i));
        }
    }

    Policy.Scoring read(Place place, PolicyFile file) {
        each(place, PolicyFile.SCALE_FIELD_NUMBER, ENTRY_LIMIT, file.getScaleList(), tiers::scale);
        each(place, PolicyFile.PREFIXES_FIELD_NUMBER, ENTRY_LIMIT, file.getPrefixesList(), groups::prefixes);
        each(place, PolicyFile.GROUP_FIELD_NUMBER, GROUP_LIMIT, file.getGroupList(), groups::group);
        each(
                place,
                PolicyFile.FURTHER_FIELD_NUMBER,
                Limits.FURTHER_BUNDLES,
                file.getFurtherList(),
                conditions::declare);
        each(
                place,
                PolicyFile.CONTEXT_FIELD_NUMBER,
                ConditionReader.CONTEXT_LIMIT,
                file.getContextList(),
                conditions::context);
        each(place, PolicyFile.FURTHER_FIELD_NUMBER, Limits.FURTHER_BUNDLES, file.getFurtherList(), conditions::wanted);
        each(place, PolicyFile.GROUP_FIELD_NUMBER, GROUP_LIMIT, file.getGroupList(), this::overrides);
        var adjustments = new ArrayList<Adjustment>();
        each(
                place,
                PolicyFile.ADJUST_FIELD_NUMBER,
                ENTRY_LIMIT,
                file.getAdjustList(),
                (at, adjust) -> conditions.adjustment(at, adjust).ifPresent(adjustments::add));
        var rules = new ArrayList<Rule>();
        each(
                place,
                PolicyFile.RULE_FIELD_NUMBER,
                RULE_LIMIT,
                file.getRuleList(),
                (at, rule) -> rule(at, rule).ifPresent(rules::add));
        if (size(rules, adjustments) > SIZE_LIMIT) {
            reading.fault(
                    place.at(PolicyFile.RULE_FIELD_NUMBER), "the rules come to more than " + SIZE_LIMIT + " tests");
        }
        return new Policy.Scoring(rules, adjustments, conditions.further());
    }

    private long size(List<Rule> rules, List<Adjustment> adjustments) {
        if (reading.faultCount() > 0) {
            return 0;
        }
        long size = 0;
        for (var rule : rules) {
            size += ConditionShape.size(rule.when());
            size += rule.nearly().map(ConditionShape::size).orElse(0L);
        }
        for (var adjustment : adjustments) {
            size += ConditionShape.size(adjustment.when());
        }
        return size;
    }

    /// Whether the contexts of a group's overrides are there, also where no rule asks for the group.
    private void overrides(Place place, PolicyFile.Group group) {
        for (int i = 0; i < group.getOverrideCount(); i++) {
            var context = group.getOverride(i).getContext();
            if (!conditions.contexts().containsKey(context)) {
                reading.fault(
                        place.in(PolicyFile.Group.OVERRIDE_FIELD_NUMBER, i)
                                .at(PolicyFile.Override.CONTEXT_FIELD_NUMBER),
                        "unknown context \"" + context + "\": there are "
                                + Reading.named(conditions.contexts().keySet()));
            }
        }
    }

    private Optional<Rule> rule(Place at, PolicyFile.Rule rule) {
        reading.ruleId(at.at(PolicyFile.Rule.ID_FIELD_NUMBER), "the rule's id", rule.getId());
        reading.identifier(at.at(PolicyFile.Rule.CATEGORY_FIELD_NUMBER), "the rule's category", rule.getCategory());
        var quorum = quorum(at.in(PolicyFile.Rule.QUORUM_FIELD_NUMBER, 0), rule.getQuorum());
        var outcome = outcome(rule.getOutcome());
        if (outcome == Rule.Outcome.UNDECIDED
                && (rule.hasQuorum() || rule.getAction() != PolicyFile.Action.ACTION_UNSPECIFIED)) {
            reading.fault(at.start(), "`action` and `quorum` go with rules that flag");
        }
        var near = near(at, rule);
        return conditions.rule(at, rule).map(when -> {
            Optional<Condition> nearly = near > 0 ? Optional.of(ConditionShape.relaxed(when, near)) : Optional.empty();
            if (nearly.isPresent() && ConditionShape.holdsWithoutScores(nearly.get())) {
                reading.fault(
                        at.at(PolicyFile.Rule.NEAR_FIELD_NUMBER),
                        "rule \"" + rule.getId() + "\" nearly holds for a picture in which nothing is found; give a"
                                + " smaller `near`");
            }
            return new Rule(rule.getId(), rule.getCategory(), when, outcome, action(rule.getAction()), quorum, nearly);
        });
    }

    /// How far the thresholds are moved; 0 where they are not.
    private double near(Place at, PolicyFile.Rule rule) {
        if (!rule.hasNear()) {
            return 0;
        }
        var spot = at.at(PolicyFile.Rule.NEAR_FIELD_NUMBER);
        if (!(rule.getNear() > 0 && rule.getNear() <= 1)) {
            reading.fault(spot, "`near` " + rule.getNear() + " is not in (0, 1]");
            return 0;
        }
        if (rule.getOutcome() == PolicyFile.Outcome.UNDECIDED) {
            reading.fault(spot, "`near` goes with rules that flag");
        }
        return rule.getNear();
    }

    private Quorum quorum(Place place, PolicyFile.Quorum quorum) {
        int verdicts = quorum.hasVerdicts() ? quorum.getVerdicts() : 1;
        int operators = quorum.hasOperators() ? quorum.getOperators() : 1;
        if (verdicts < 1) {
            reading.fault(place.at(PolicyFile.Quorum.VERDICTS_FIELD_NUMBER), "`verdicts` is at least 1");
            return Quorum.ONE;
        }
        if (operators < 1 || operators > verdicts) {
            reading.fault(
                    place.at(PolicyFile.Quorum.OPERATORS_FIELD_NUMBER),
                    "`operators` is at least 1 and at most `verdicts` (" + verdicts + ")");
            return Quorum.ONE;
        }
        return new Quorum(verdicts, operators);
    }

    private static Rule.Outcome outcome(PolicyFile.Outcome outcome) {
        return switch (outcome) {
            case OUTCOME_UNSPECIFIED, FLAG, UNRECOGNIZED -> Rule.Outcome.FLAGGED;
            case UNDECIDED -> Rule.Outcome.UNDECIDED;
        };
    }

    static Action action(PolicyFile.Action action) {
        return switch (action) {
            case ACTION_UNSPECIFIED, OBSERVE, UNRECOGNIZED -> Action.OBSERVE;
            case QUARANTINE -> Action.QUARANTINE;
            case PURGE -> Action.PURGE;
        };
    }
}
