package org.picket.coordinator.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.picket.coordinator.policy.Place.Spot;
import org.picket.proto.limit.FixedPoint;

/// What is gathered while one text is read: its faults, and the names that it defines and uses. For one thread.
final class Reading {
    /// Faults told at once; a text with more is beyond reading them all anyway.
    static final int FAULT_LIMIT = 100;

    /// The ends of the scores' range; the upper one is excluded.
    static final double LOWEST_THRESHOLD = -2.0;

    static final double BEYOND_THRESHOLD = 2.0;

    private static final int NAMES_SHOWN = 20;
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Pattern CONCEPT = Pattern.compile("[^\\p{Cntrl}]{1,200}");

    private final List<Fault> faults = new ArrayList<>();
    private int faultCount;
    private final Map<String, Spot> ruleIds = new LinkedHashMap<>();
    private final List<Policy.ConceptUse> uses = new ArrayList<>();
    private final Set<String> declared;

    /// @param declared the concepts that rules may use; empty: any
    Reading(Set<String> declared) {
        this.declared = Set.copyOf(declared);
    }

    void fault(Spot spot, String message) {
        faultCount++;
        if (faults.size() < FAULT_LIMIT) {
            faults.add(new Fault(spot.line(), spot.column(), message));
        }
    }

    /// All faults so far, also those past the limit.
    int faultCount() {
        return faultCount;
    }

    List<Fault> faults() {
        return faults.stream().sorted().distinct().toList();
    }

    List<Policy.ConceptUse> uses() {
        return uses;
    }

    /// An id of letters, digits and a few marks.
    void identifier(Spot spot, String what, String value) {
        if (value.isEmpty()) {
            fault(spot, what + " is missing");
        } else if (!ID.matcher(value).matches()) {
            fault(
                    spot,
                    what + " \"" + value
                            + "\" is not made of lower-case letters, digits, '.', '_' and '-' (64 characters at most)");
        }
    }

    /// The id of a rule or list: these share one space of names, for a finding names what made it.
    void ruleId(Spot spot, String what, String value) {
        identifier(spot, what, value);
        var earlier = value.isEmpty() ? null : ruleIds.putIfAbsent(value, spot);
        if (earlier != null) {
            fault(
                    spot,
                    "duplicate id \"" + value + "\": line " + earlier.line()
                            + " has it already; rules and lists need ids of their own");
        }
    }

    /// A concept in the declaration.
    void declaration(Spot spot, String concept) {
        if (name(spot, concept)) {
            uses.add(new Policy.ConceptUse(concept, spot.line(), spot.column()));
        }
    }

    /// Whether this can be a concept's name.
    boolean name(Spot spot, String concept) {
        if (CONCEPT.matcher(concept).matches()) {
            return true;
        }
        fault(spot, "a concept's name has 1 to 200 characters and no control characters");
        return false;
    }

    /// A concept in a rule or group.
    void concept(Spot spot, String concept) {
        if (!declared.isEmpty() && !declared.contains(concept)) {
            fault(spot, "unknown concept \"" + concept + "\": `uses` names " + named(declared));
            return;
        }
        declaration(spot, concept);
    }

    /// The threshold, if it is one that a score can reach.
    OptionalDouble threshold(Spot spot, double gte) {
        if (!(gte >= LOWEST_THRESHOLD && gte < BEYOND_THRESHOLD)) {
            fault(spot, "threshold " + gte + " is not in [-2, 2)");
            return OptionalDouble.empty();
        }
        if (FixedPoint.atLeast(gte) > Short.MAX_VALUE) {
            fault(spot, "threshold " + gte + " can never be reached: the highest score is 1.99993");
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(gte);
    }

    /// Whether the number can be added to a threshold; it may be negative.
    boolean offset(Spot spot, String what, double add) {
        if (add > LOWEST_THRESHOLD && add < BEYOND_THRESHOLD) {
            return true;
        }
        fault(spot, what + " " + add + " is not in (-2, 2)");
        return false;
    }

    /// Names for a message, bounded.
    static String named(Collection<String> names) {
        if (names.isEmpty()) {
            return "none";
        }
        var shown = names.stream().sorted().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
        int more = names.size() - NAMES_SHOWN;
        return more > 0 ? shown + " and " + more + " more" : shown;
    }
}
