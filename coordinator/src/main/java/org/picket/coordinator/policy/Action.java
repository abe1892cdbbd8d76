package org.picket.coordinator.policy;

/// What the machine may do by itself with a finding, at most; each includes those before it.
public enum Action {
    OBSERVE,
    QUARANTINE,
    PURGE;

    /// Whether this ceiling leaves room for `wanted`.
    public boolean allows(Action wanted) {
        return wanted.compareTo(this) <= 0;
    }
}
