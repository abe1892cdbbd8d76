package org.picket.coordinator.policy;

import java.util.Optional;

/// What a finding names as its rule where an imported deny list made it: `list/TYPE/TRUST/SOURCE`. No rule or
/// list of a policy can have such an id.
///
/// @param type by what it matched
/// @param trust of the list, 1 to 3
/// @param source of the list
public record ListRule(HashType type, int trust, String source) {
    /// Trust of the lists whose matches may be acted upon without a person.
    public static final int ACTING_TRUST = 1;

    private static final String PREFIX = "list";
    private static final int PARTS = 4;

    public String id() {
        return String.join("/", PREFIX, type.word(), Integer.toString(trust), source);
    }

    /// Of an id; empty where it is a policy's own.
    public static Optional<ListRule> parse(String ruleId) {
        String[] parts = ruleId.split("/", PARTS);
        if (parts.length < PARTS || !parts[0].equals(PREFIX) || !parts[2].matches("[1-9]")) {
            return Optional.empty();
        }
        return HashType.ofWord(parts[1]).map(type -> new ListRule(type, Integer.parseInt(parts[2]), parts[3]));
    }
}
