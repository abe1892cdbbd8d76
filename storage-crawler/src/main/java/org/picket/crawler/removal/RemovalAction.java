package org.picket.crawler.removal;

/// What an order asks for.
public enum RemovalAction {
    /// Take the object out of sight, reversibly.
    QUARANTINE,
    /// Put a quarantined object back, byte for byte, at its key.
    RELEASE,
    /// Delete the object for good, from live storage or from quarantine.
    PURGE
}
