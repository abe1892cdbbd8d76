package org.picket.coordinator.lease;

/// Whether a fence is the current one of a lease in the table.
public sealed interface Held {
    /// It is.
    record Current(Lease lease) implements Held {}

    /// It is not, or not that member's.
    record Lost(LeaseEnd how) implements Held {}
}
