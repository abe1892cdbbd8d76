package org.picket.coordinator.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.picket.coordinator.policy.Group.Variant;
import org.picket.proto.v1.PolicyFile;

/// Reads prefixes and groups. For one thread.
final class GroupReader {
    /// Members of one group with all their prefixes; bounds the work of "at least n of m".
    static final int MEMBER_LIMIT = 512;

    /// Prefixes of one list, and overrides of one group.
    static final int LIST_LIMIT = 64;

    private static final List<Prefix> PLAIN = List.of(new Prefix("", 0));

    private final Reading reading;
    private final Tiers tiers;
    private final Map<String, List<Prefix>> prefixes = new LinkedHashMap<>();
    private final Map<String, Group> groups = new LinkedHashMap<>();

    private record Prefix(String text, double add) {}

    GroupReader(Reading reading, Tiers tiers) {
        this.reading = reading;
        this.tiers = tiers;
    }

    /// The groups read so far, by their ids.
    Map<String, Group> groups() {
        return groups;
    }

    void prefixes(Place place, PolicyFile.Prefixes list) {
        reading.identifier(place.at(PolicyFile.Prefixes.ID_FIELD_NUMBER), "the prefixes' id", list.getId());
        if (list.getPrefixCount() < 1 || list.getPrefixCount() > LIST_LIMIT) {
            reading.fault(
                    place.start(),
                    "prefixes \"" + list.getId() + "\" are " + list.getPrefixCount() + "; 1 to " + LIST_LIMIT
                            + " are possible");
        }
        var read = new ArrayList<Prefix>();
        var seen = new HashSet<String>();
        for (int i = 0; i < Math.min(list.getPrefixCount(), LIST_LIMIT); i++) {
            var prefix = list.getPrefix(i);
            var at = place.in(PolicyFile.Prefixes.PREFIX_FIELD_NUMBER, i);
            reading.offset(at.at(PolicyFile.Prefix.ADD_FIELD_NUMBER), "`add`", prefix.getAdd());
            if (!seen.add(prefix.getText())) {
                reading.fault(at.start(), "duplicate prefix \"" + prefix.getText() + "\"");
            }
            read.add(new Prefix(prefix.getText(), prefix.getAdd()));
        }
        if (prefixes.putIfAbsent(list.getId(), List.copyOf(read)) != null) {
            reading.fault(place.at(PolicyFile.Prefixes.ID_FIELD_NUMBER), "duplicate prefixes \"" + list.getId() + "\"");
        }
    }

    void group(Place place, PolicyFile.Group group) {
        reading.identifier(place.at(PolicyFile.Group.ID_FIELD_NUMBER), "the group's id", group.getId());
        var common = group.hasGte()
                ? reading.threshold(place.at(PolicyFile.Group.GTE_FIELD_NUMBER), group.getGte())
                : OptionalDouble.empty();
        var added = PLAIN;
        if (!group.getPrefixes().isEmpty()) {
            added = prefixes.getOrDefault(group.getPrefixes(), PLAIN);
            if (!prefixes.containsKey(group.getPrefixes())) {
                reading.fault(
                        place.at(PolicyFile.Group.PREFIXES_FIELD_NUMBER),
                        "unknown prefixes \"" + group.getPrefixes() + "\": there are "
                                + Reading.named(prefixes.keySet()));
            }
        }
        var sets = new Sets(exclusives(place, group), group.getVariantsOnce());
        var naming = new Naming(group.getId(), added, sets, common);
        var members = members(place, PolicyFile.Group.MEMBER_FIELD_NUMBER, group.getMemberList(), naming);
        var overrides = new ArrayList<Group.Override>();
        if (group.getOverrideCount() > LIST_LIMIT) {
            reading.fault(
                    place.at(PolicyFile.Group.OVERRIDE_FIELD_NUMBER, LIST_LIMIT),
                    "more than " + LIST_LIMIT + " overrides");
        }
        for (int i = 0; i < Math.min(group.getOverrideCount(), LIST_LIMIT); i++) {
            overrides.add(override(place.in(PolicyFile.Group.OVERRIDE_FIELD_NUMBER, i), group.getOverride(i), naming));
        }
        if (groups.putIfAbsent(group.getId(), new Group(group.getId(), members, overrides)) != null) {
            reading.fault(place.at(PolicyFile.Group.ID_FIELD_NUMBER), "duplicate group \"" + group.getId() + "\"");
        }
    }

    private Group.Override override(Place place, PolicyFile.Override override, Naming naming) {
        reading.identifier(
                place.at(PolicyFile.Override.CONTEXT_FIELD_NUMBER), "the override's context", override.getContext());
        var common = override.hasGte()
                ? reading.threshold(place.at(PolicyFile.Override.GTE_FIELD_NUMBER), override.getGte())
                : OptionalDouble.empty();
        return new Group.Override(
                override.getContext(),
                members(
                        place,
                        PolicyFile.Override.MEMBER_FIELD_NUMBER,
                        override.getMemberList(),
                        new Naming(naming.group(), naming.prefixes(), naming.sets(), common)));
    }

    /// How members become variants.
    ///
    /// @param common the threshold of members that have none
    private record Naming(String group, List<Prefix> prefixes, Sets sets, OptionalDouble common) {}

    private List<Variant> members(Place place, int field, List<PolicyFile.Member> members, Naming naming) {
        var variants = new LinkedHashMap<String, Variant>();
        for (int i = 0; i < members.size() && variants.size() <= MEMBER_LIMIT; i++) {
            var member = members.get(i);
            var at = place.in(field, i);
            var spot = at.at(PolicyFile.Member.CONCEPT_FIELD_NUMBER);
            var own = member.hasGte()
                    ? reading.threshold(at.at(PolicyFile.Member.GTE_FIELD_NUMBER), member.getGte())
                    : naming.common();
            var named = tiers.read(at, PolicyFile.Member.TIER_FIELD_NUMBER, member.getTierList());
            for (var prefix : member.getAlone() ? PLAIN : naming.prefixes()) {
                var concept = prefix.text() + member.getConcept();
                reading.concept(spot, concept);
                var variant = new Variant(
                        concept,
                        own,
                        named.isEmpty() ? tiers.of(member.getConcept()) : named,
                        prefix.add(),
                        naming.sets().of(member.getConcept(), prefix.text()));
                if (variants.putIfAbsent(concept, variant) != null) {
                    reading.fault(spot, "group \"" + naming.group() + "\" has \"" + concept + "\" twice");
                }
            }
        }
        if (variants.isEmpty() || variants.size() > MEMBER_LIMIT) {
            reading.fault(
                    place.start(),
                    "group \"" + naming.group() + "\" has " + (variants.isEmpty() ? "no" : "too many")
                            + " members; it needs 1 to " + MEMBER_LIMIT + ", each prefix counted");
        }
        return together(List.copyOf(variants.values()));
    }

    /// Those of one set after each other, else in the order of the text.
    private static List<Variant> together(List<Variant> variants) {
        var bySet = new LinkedHashMap<Integer, List<Variant>>();
        variants.forEach(variant ->
                bySet.computeIfAbsent(variant.set(), _ -> new ArrayList<>()).add(variant));
        return bySet.values().stream().flatMap(List::stream).toList();
    }

    /// For each member that excludes others, the first one of its set.
    private Map<String, String> exclusives(Place place, PolicyFile.Group group) {
        Set<String> known = new HashSet<>();
        group.getMemberList().forEach(member -> known.add(member.getConcept()));
        group.getOverrideList()
                .forEach(override -> override.getMemberList().forEach(member -> known.add(member.getConcept())));
        var first = new HashMap<String, String>();
        for (int i = 0; i < group.getExclusiveCount(); i++) {
            var exclusive = group.getExclusive(i);
            var at = place.in(PolicyFile.Group.EXCLUSIVE_FIELD_NUMBER, i);
            if (exclusive.getConceptCount() < 2) {
                reading.fault(at.start(), "`exclusive` names at least two members");
                continue;
            }
            for (int j = 0; j < exclusive.getConceptCount(); j++) {
                var spot = at.at(PolicyFile.Exclusive.CONCEPT_FIELD_NUMBER, j);
                if (!known.contains(exclusive.getConcept(j))) {
                    reading.fault(
                            spot, "group \"" + group.getId() + "\" has no member \"" + exclusive.getConcept(j) + "\"");
                }
                if (first.putIfAbsent(exclusive.getConcept(j), exclusive.getConcept(0)) != null) {
                    reading.fault(spot, "\"" + exclusive.getConcept(j) + "\" stands in two `exclusive`");
                }
            }
        }
        return first;
    }

    /// Numbers the sets of a group.
    private static final class Sets {
        private final Map<String, String> first;
        private final boolean variantsOnce;
        private final Map<List<String>, Integer> numbers = new HashMap<>();

        Sets(Map<String, String> first, boolean variantsOnce) {
            this.first = first;
            this.variantsOnce = variantsOnce;
        }

        int of(String member, String prefix) {
            var key = List.of(first.getOrDefault(member, member), variantsOnce ? "" : prefix);
            return numbers.computeIfAbsent(key, _ -> numbers.size());
        }
    }
}
