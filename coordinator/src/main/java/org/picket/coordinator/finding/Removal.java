package org.picket.coordinator.finding;

/// What a storage is ordered to do with a finding.
public enum Removal {
    /// Take the object out of sight, reversibly.
    QUARANTINE,
    /// Put a quarantined object back, byte for byte.
    RELEASE,
    /// Destroy it.
    PURGE
}
