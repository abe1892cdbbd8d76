package org.picket.coordinator.fleet;

/// Who answers for a member: the operator of an agent, the site of a crawler or an administrator. Members of
/// one owner never count as independent of each other.
///
/// @param value positive
public record OwnerId(long value) {
    public OwnerId {
        if (value <= 0) {
            throw new IllegalArgumentException("OwnerId must be positive, not " + value);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
