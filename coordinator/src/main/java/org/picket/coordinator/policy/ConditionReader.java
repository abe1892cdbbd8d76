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

/// Reads groups and conditions. For one thread.
final class ConditionReader {
    /// Members of one group; bounds the work of "at least n of m".
    static final int MEMBER_LIMIT = 512;

    private final Reading reading;
    private final Map<String, Group> groups = new LinkedHashMap<>();

    private record Group(List<Member> members) {}

    private record Member(String concept, OptionalDouble gte) {}

    ConditionReader(Reading reading) {
        this.reading = reading;
    }

    void group(Place place, PolicyFile.Group group) {
        reading.identifier(place.at(PolicyFile.Group.ID_FIELD_NUMBER), "the group's id", group.getId());
        var common = group.hasGte()
                ? reading.threshold(place.at(PolicyFile.Group.GTE_FIELD_NUMBER), group.getGte())
                : OptionalDouble.empty();
        var seen = new HashSet<String>();
        var members = new ArrayList<Member>();
        for (int i = 0; i < group.getMemberCount(); i++) {
            var member = group.getMember(i);
            var at = place.in(PolicyFile.Group.MEMBER_FIELD_NUMBER, i);
            var spot = at.at(PolicyFile.Member.CONCEPT_FIELD_NUMBER);
            reading.concept(spot, member.getConcept());
            if (!seen.add(member.getConcept())) {
                reading.fault(spot, "group \"" + group.getId() + "\" has \"" + member.getConcept() + "\" twice");
            }
            var own = member.hasGte()
                    ? reading.threshold(at.at(PolicyFile.Member.GTE_FIELD_NUMBER), member.getGte())
                    : common;
            members.add(new Member(member.getConcept(), own));
        }
        if (members.isEmpty() || members.size() > MEMBER_LIMIT) {
            reading.fault(
                    place.start(),
                    "group \"" + group.getId() + "\" has " + members.size() + " members; it needs 1 to "
                            + MEMBER_LIMIT);
        }
        if (groups.putIfAbsent(group.getId(), new Group(members)) != null) {
            reading.fault(place.at(PolicyFile.Group.ID_FIELD_NUMBER), "duplicate group \"" + group.getId() + "\"");
        }
    }

    /// A rule's expression; empty where it is faulty.
    Optional<Condition> rule(Place place, PolicyFile.Rule rule) {
        int faultsBefore = reading.faultCount();
        var parts = new ArrayList<Condition>();
        parts.addAll(list(place, PolicyFile.Rule.ALL_FIELD_NUMBER, rule.getAllList()));
        any(list(place, PolicyFile.Rule.ANY_FIELD_NUMBER, rule.getAnyList())).ifPresent(parts::add);
        none(list(place, PolicyFile.Rule.NONE_FIELD_NUMBER, rule.getNoneList())).ifPresent(parts::add);
        if (reading.faultCount() > faultsBefore) {
            return Optional.empty();
        }
        if (parts.isEmpty()) {
            reading.fault(
                    place.start(),
                    "empty rule \"" + rule.getId() + "\": it states no condition; give it `all` or `any`");
            return Optional.empty();
        }
        var when = joined(parts);
        if (holdsWithoutScores(when)) {
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
        var threshold = condition.hasGte()
                ? reading.threshold(place.at(PolicyFile.Condition.GTE_FIELD_NUMBER), condition.getGte())
                : OptionalDouble.empty();
        boolean concept = !condition.getConcept().isEmpty();
        boolean group = !condition.getGroup().isEmpty();
        if (condition.hasAtLeast() && !group) {
            reading.fault(place.at(PolicyFile.Condition.AT_LEAST_FIELD_NUMBER), "`at_least` goes with a `group`");
        }
        if (concept && group) {
            reading.fault(
                    place.at(PolicyFile.Condition.GROUP_FIELD_NUMBER),
                    "a condition has a `concept` or a `group`; write two conditions");
            return Optional.empty();
        }
        if (group) {
            return groupTest(place, condition, threshold);
        }
        if (!concept) {
            if (condition.hasGte()) {
                reading.fault(
                        place.at(PolicyFile.Condition.GTE_FIELD_NUMBER), "`gte` goes with a `concept` or a `group`");
            }
            return Optional.empty();
        }
        var spot = place.at(PolicyFile.Condition.CONCEPT_FIELD_NUMBER);
        reading.concept(spot, condition.getConcept());
        if (!condition.hasGte()) {
            reading.fault(spot, "concept \"" + condition.getConcept() + "\" needs a threshold: give it `gte`");
        }
        return threshold.isPresent()
                ? Optional.of(new ScoreTest(condition.getConcept(), threshold.getAsDouble()))
                : Optional.empty();
    }

    private Optional<Condition> groupTest(Place place, PolicyFile.Condition condition, OptionalDouble override) {
        var spot = place.at(PolicyFile.Condition.GROUP_FIELD_NUMBER);
        var group = groups.get(condition.getGroup());
        if (group == null) {
            reading.fault(
                    spot,
                    "unknown group \"" + condition.getGroup() + "\": there are " + Reading.named(groups.keySet()));
            return Optional.empty();
        }
        int atLeast = condition.hasAtLeast() ? condition.getAtLeast() : 1;
        if (atLeast < 1 || atLeast > group.members().size()) {
            reading.fault(
                    place.at(PolicyFile.Condition.AT_LEAST_FIELD_NUMBER),
                    "`at_least` " + Integer.toUnsignedString(atLeast) + " is not in 1 to "
                            + group.members().size() + ", the size of group \"" + condition.getGroup() + "\"");
            return Optional.empty();
        }
        var tests = new ArrayList<ScoreTest>();
        for (var member : group.members()) {
            var gte = override.isPresent() ? override : member.gte();
            if (gte.isPresent()) {
                tests.add(new ScoreTest(member.concept(), gte.getAsDouble()));
            } else {
                reading.fault(
                        spot,
                        "member \"" + member.concept() + "\" of group \"" + condition.getGroup()
                                + "\" has no sound threshold: give `gte` here, to the member or to the group");
            }
        }
        return Optional.of(new Condition.GroupTest(condition.getGroup(), atLeast, tests));
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

    /// Whether the condition holds with every score at its lowest.
    private static boolean holdsWithoutScores(Condition condition) {
        return switch (condition) {
            case ScoreTest test -> test.gte() <= Reading.LOWEST_THRESHOLD;
            case Condition.GroupTest group ->
                group.members().stream()
                                .filter(ConditionReader::holdsWithoutScores)
                                .count()
                        >= group.atLeast();
            case Condition.All all -> all.parts().stream().allMatch(ConditionReader::holdsWithoutScores);
            case Condition.Any any -> any.parts().stream().anyMatch(ConditionReader::holdsWithoutScores);
            case Condition.None none -> none.parts().stream().noneMatch(ConditionReader::holdsWithoutScores);
        };
    }

    /// Score tests that the condition may come to when it is compiled.
    static long size(Condition condition) {
        return switch (condition) {
            case ScoreTest test -> 1;
            case Condition.GroupTest group ->
                (long) group.atLeast() * (group.members().size() - group.atLeast() + 1);
            case Condition.All all ->
                all.parts().stream().mapToLong(ConditionReader::size).sum();
            case Condition.Any any ->
                any.parts().stream().mapToLong(ConditionReader::size).sum();
            case Condition.None none ->
                none.parts().stream().mapToLong(ConditionReader::size).sum();
        };
    }
}
