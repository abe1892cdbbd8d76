package org.picket.coordinator.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.picket.coordinator.policy.Condition.ScoreTest;
import org.picket.proto.v1.PolicyFile;

/// Reads conditions, with the contexts and further bundles that they name. For one thread.
final class ConditionReader {
    /// Contexts of one policy.
    static final int CONTEXT_LIMIT = 64;

    /// Score tests of one context, which are written out wherever it is named.
    static final int CONTEXT_SIZE_LIMIT = 4_096;

    private static final String NO_FURTHER = "`when` asks the first bundle's scores alone";

    private final Reading reading;
    private final Tiers tiers;
    private final GroupTests groups;
    private final Map<String, Condition> contexts = new LinkedHashMap<>();
    private final Map<String, Further> further = new LinkedHashMap<>();
    /// Score tests that named groups and contexts were written out to.
    private long writtenOut;

    ConditionReader(Reading reading, Tiers tiers, Map<String, Group> groups) {
        this.reading = reading;
        this.tiers = tiers;
        this.groups = new GroupTests(reading, groups, contexts);
    }

    Map<String, Condition> contexts() {
        return contexts;
    }

    List<Further> further() {
        return List.copyOf(further.values());
    }

    /// Reads a context; those after it can name it.
    void context(Place place, PolicyFile.Context context) {
        reading.identifier(place.at(PolicyFile.Context.ID_FIELD_NUMBER), "the context's id", context.getId());
        int faultsBefore = reading.faultCount();
        if (!context.hasWhen()) {
            reading.fault(place.start(), "context \"" + context.getId() + "\" needs `when`");
        }
        var parts = new ArrayList<Condition>();
        if (context.hasWhen()) {
            condition(place.in(PolicyFile.Context.WHEN_FIELD_NUMBER, 0), context.getWhen())
                    .ifPresent(parts::add);
        }
        none(list(place, PolicyFile.Context.UNLESS_FIELD_NUMBER, context.getUnlessList()))
                .ifPresent(parts::add);
        if (reading.faultCount() == faultsBefore) {
            var when = joined(parts);
            if (ConditionShape.size(when) > CONTEXT_SIZE_LIMIT) {
                reading.fault(
                        place.start(),
                        "context \"" + context.getId() + "\" comes to more than " + CONTEXT_SIZE_LIMIT + " tests");
            }
            if (contexts.putIfAbsent(context.getId(), when) != null) {
                reading.fault(
                        place.at(PolicyFile.Context.ID_FIELD_NUMBER), "duplicate context \"" + context.getId() + "\"");
            }
        }
    }

    /// Declares a further bundle, so that contexts can name it; [#wanted] reads when it is wanted.
    void declare(Place place, PolicyFile.Further bundle) {
        reading.identifier(place.at(PolicyFile.Further.BUNDLE_FIELD_NUMBER), "the bundle's name", bundle.getBundle());
        var concepts = new HashSet<String>();
        for (int i = 0; i < bundle.getConceptCount(); i++) {
            var spot = place.at(PolicyFile.Further.CONCEPT_FIELD_NUMBER, i);
            if (reading.name(spot, bundle.getConcept(i)) && !concepts.add(bundle.getConcept(i))) {
                reading.fault(spot, "\"" + bundle.getConcept(i) + "\" stands here twice");
            }
        }
        if (concepts.isEmpty()) {
            reading.fault(place.start(), "bundle \"" + bundle.getBundle() + "\" needs the `concept` that it tells");
        }
        var declared = new Further(bundle.getBundle(), bundle.getConceptList(), new Condition.Any(List.of()));
        if (further.putIfAbsent(bundle.getBundle(), declared) != null) {
            reading.fault(
                    place.at(PolicyFile.Further.BUNDLE_FIELD_NUMBER),
                    "duplicate bundle \"" + bundle.getBundle() + "\"");
        }
    }

    /// When a declared bundle is wanted.
    void wanted(Place place, PolicyFile.Further bundle) {
        required(place, PolicyFile.Further.WHEN_FIELD_NUMBER, bundle.hasWhen(), bundle.getWhen())
                .ifPresent(when -> {
                    if (ConditionShape.asksFurther(when)) {
                        reading.fault(place.at(PolicyFile.Further.WHEN_FIELD_NUMBER), NO_FURTHER);
                    }
                    further.computeIfPresent(
                            bundle.getBundle(), (name, declared) -> new Further(name, declared.concepts(), when));
                });
    }

    Optional<Adjustment> adjustment(Place place, PolicyFile.Adjustment adjustment) {
        var concepts = new LinkedHashMap<String, Boolean>();
        for (int i = 0; i < adjustment.getConceptCount(); i++) {
            reading.concept(place.at(PolicyFile.Adjustment.CONCEPT_FIELD_NUMBER, i), adjustment.getConcept(i));
            concepts.put(adjustment.getConcept(i), true);
        }
        for (int i = 0; i < adjustment.getGroupCount(); i++) {
            groups.group(place.at(PolicyFile.Adjustment.GROUP_FIELD_NUMBER, i), adjustment.getGroup(i))
                    .ifPresent(group -> group.everyConcept().forEach(concept -> concepts.put(concept, true)));
        }
        if (adjustment.getConceptCount() + adjustment.getGroupCount() == 0) {
            reading.fault(place.start(), "an adjustment names the `concept` or `group` that it adds to");
        }
        var spot = place.at(PolicyFile.Adjustment.ADD_FIELD_NUMBER);
        int steps = 0;
        if (reading.offset(spot, "`add`", adjustment.getAdd())) {
            steps = Exact.steps(adjustment.getAdd());
            if (steps == 0) {
                reading.fault(
                        spot, "`add` " + adjustment.getAdd() + " is less than half of 1/16384, so it adds nothing");
            }
        }
        int sum = steps;
        return required(place, PolicyFile.Adjustment.WHEN_FIELD_NUMBER, adjustment.hasWhen(), adjustment.getWhen())
                .map(when -> {
                    if (ConditionShape.asksFurther(when)) {
                        reading.fault(place.at(PolicyFile.Adjustment.WHEN_FIELD_NUMBER), NO_FURTHER);
                    }
                    return new Adjustment(List.copyOf(concepts.keySet()), sum, when);
                });
    }

    /// A condition that has to be there.
    private Optional<Condition> required(Place place, int field, boolean there, PolicyFile.Condition condition) {
        if (!there) {
            reading.fault(place.start(), "it needs `when`");
            return Optional.empty();
        }
        return condition(place.in(field, 0), condition);
    }

    /// A rule's expression; empty where it is faulty.
    Optional<Condition> rule(Place place, PolicyFile.Rule rule) {
        int faultsBefore = reading.faultCount();
        var parts = new ArrayList<Condition>();
        parts.addAll(list(place, PolicyFile.Rule.ALL_FIELD_NUMBER, rule.getAllList()));
        any(list(place, PolicyFile.Rule.ANY_FIELD_NUMBER, rule.getAnyList())).ifPresent(parts::add);
        none(list(place, PolicyFile.Rule.NONE_FIELD_NUMBER, rule.getNoneList())).ifPresent(parts::add);
        Optional<Condition> gate = rule.hasGate()
                ? condition(place.in(PolicyFile.Rule.GATE_FIELD_NUMBER, 0), rule.getGate())
                : Optional.empty();
        if (reading.faultCount() > faultsBefore) {
            return Optional.empty();
        }
        if (parts.isEmpty()) {
            reading.fault(
                    place.start(),
                    "empty rule \"" + rule.getId() + "\": it states no condition; give it `all` or `any`");
            return Optional.empty();
        }
        var stated = joined(parts);
        Condition when =
                gate.<Condition>map(open -> new Condition.Gated(open, stated)).orElse(stated);
        if (ConditionShape.holdsWithoutScores(when)) {
            reading.fault(
                    place.start(),
                    "rule \"" + rule.getId() + "\" holds for a picture in which nothing is found, so it would flag"
                            + " nearly everything; give it a score that must be reached");
        }
        return Optional.of(when);
    }

    private List<Condition> list(Place place, int field, List<PolicyFile.Condition> conditions) {
        var read = new ArrayList<Condition>();
        for (int i = 0; i < conditions.size(); i++) {
            condition(place.in(field, i), conditions.get(i)).ifPresent(read::add);
        }
        return read;
    }

    private Optional<Condition> condition(Place place, PolicyFile.Condition condition) {
        int faultsBefore = reading.faultCount();
        var parts = new ArrayList<Condition>();
        own(place, condition).ifPresent(parts::add);
        parts.addAll(list(place, PolicyFile.Condition.ALL_FIELD_NUMBER, condition.getAllList()));
        any(list(place, PolicyFile.Condition.ANY_FIELD_NUMBER, condition.getAnyList()))
                .ifPresent(parts::add);
        none(list(place, PolicyFile.Condition.NONE_FIELD_NUMBER, condition.getNoneList()))
                .ifPresent(parts::add);
        if (parts.isEmpty() && reading.faultCount() == faultsBefore) {
            reading.fault(place.start(), "empty condition: give it a `concept`, a `group`, or `all`, `any`, `none`");
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(joined(parts));
    }

    /// What the condition tests itself, besides what is nested in it.
    private Optional<Condition> own(Place place, PolicyFile.Condition condition) {
        boolean concept = !condition.getConcept().isEmpty();
        boolean group = !condition.getGroup().isEmpty();
        boolean context = !condition.getContext().isEmpty();
        if (condition.hasAtLeast() && !group) {
            reading.fault(place.at(PolicyFile.Condition.AT_LEAST_FIELD_NUMBER), "`at_least` goes with a `group`");
        }
        if (condition.getWeightCount() > 0 && !group) {
            reading.fault(place.at(PolicyFile.Condition.WEIGHT_FIELD_NUMBER), "`weight` goes with a `group`");
        }
        if (concept && group) {
            reading.fault(
                    place.at(PolicyFile.Condition.GROUP_FIELD_NUMBER),
                    "a condition has a `concept` or a `group`; write two conditions");
            return Optional.empty();
        }
        if (context && (concept || group)) {
            reading.fault(
                    place.at(PolicyFile.Condition.CONTEXT_FIELD_NUMBER),
                    "a condition has a `context` or something else to test; write two conditions");
            return Optional.empty();
        }
        int faultsBefore = reading.faultCount();
        var level = Levels.read(reading, place, condition, concept || group);
        if (!condition.getBundle().isEmpty()) {
            return furtherTest(place, condition, level);
        }
        if (context) {
            return contextTest(place, condition);
        }
        if (group) {
            var test = groups.test(place, condition, level, reading.faultCount() > faultsBefore);
            test.ifPresent(made -> written(place, ConditionShape.size(made)));
            return test;
        }
        return concept ? scoreTest(place, condition, level) : Optional.empty();
    }

    private Optional<Condition> scoreTest(Place place, PolicyFile.Condition condition, Optional<Level> level) {
        var spot = place.at(PolicyFile.Condition.CONCEPT_FIELD_NUMBER);
        var concept = condition.getConcept();
        reading.concept(spot, concept);
        if (level.isEmpty()) {
            return Optional.empty();
        }
        if (level.get() instanceof Level.Own) {
            reading.fault(spot, "concept \"" + concept + "\" needs a threshold: give it `gte`");
            return Optional.empty();
        }
        var gte = level.get().of(OptionalDouble.empty(), tiers.of(concept), 0);
        if (gte.isEmpty()) {
            reading.fault(spot, "concept \"" + concept + "\" " + level.get().missing(tiers.of(concept)));
        }
        return gte.isPresent() && reading.threshold(spot, gte.getAsDouble()).isPresent()
                ? Optional.of(new ScoreTest(concept, gte.getAsDouble()))
                : Optional.empty();
    }

    private Optional<Condition> furtherTest(Place place, PolicyFile.Condition condition, Optional<Level> level) {
        var spot = place.at(PolicyFile.Condition.BUNDLE_FIELD_NUMBER);
        var bundle = further.get(condition.getBundle());
        if (bundle == null) {
            reading.fault(
                    spot,
                    "unknown bundle \"" + condition.getBundle() + "\": `further` has "
                            + Reading.named(further.keySet()));
            return Optional.empty();
        }
        if (!bundle.concepts().contains(condition.getConcept())) {
            reading.fault(
                    place.at(PolicyFile.Condition.CONCEPT_FIELD_NUMBER),
                    "`bundle` goes with a `concept` of its own; \"" + condition.getBundle() + "\" has "
                            + Reading.named(bundle.concepts()));
            return Optional.empty();
        }
        if (!(level.orElse(new Level.Own()) instanceof Level.Given(double gte))) {
            reading.fault(spot, "a further bundle's concept needs a threshold: give it `gte`");
            return Optional.empty();
        }
        return Optional.of(new Condition.FurtherTest(condition.getBundle(), condition.getConcept(), gte));
    }

    private Optional<Condition> contextTest(Place place, PolicyFile.Condition condition) {
        var spot = place.at(PolicyFile.Condition.CONTEXT_FIELD_NUMBER);
        var when = contexts.get(condition.getContext());
        if (when == null) {
            reading.fault(
                    spot,
                    "unknown context \"" + condition.getContext() + "\": there are "
                            + Reading.named(contexts.keySet()));
            return Optional.empty();
        }
        return written(place, ConditionShape.size(when))
                ? Optional.of(new Condition.Named(condition.getContext(), when))
                : Optional.empty();
    }

    /// Counts what names are written out to, so that a short text never makes an endless policy.
    private boolean written(Place place, long tests) {
        boolean before = writtenOut <= ScoringReader.SIZE_LIMIT;
        writtenOut += tests;
        if (writtenOut > ScoringReader.SIZE_LIMIT && before) {
            reading.fault(
                    place.start(),
                    "from here on the conditions come to more than " + ScoringReader.SIZE_LIMIT + " tests");
        }
        return writtenOut <= ScoringReader.SIZE_LIMIT;
    }

    private static Optional<Condition> any(List<Condition> parts) {
        return parts.isEmpty() ? Optional.empty() : Optional.of(new Condition.Any(parts));
    }

    private static Optional<Condition> none(List<Condition> parts) {
        return parts.isEmpty() ? Optional.empty() : Optional.of(new Condition.None(parts));
    }

    private static Condition joined(List<Condition> parts) {
        return parts.size() == 1 ? parts.getFirst() : new Condition.All(parts);
    }
}
