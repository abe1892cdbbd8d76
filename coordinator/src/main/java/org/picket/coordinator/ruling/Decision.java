package org.picket.coordinator.ruling;

/// What a policy's rules make of one object's scores.
public sealed interface Decision {

    /// No rule holds.
    record Nothing() implements Decision {}

    /// This one is the first that holds.
    ///
    /// @param rule index into the policy's rules
    record Holds(int rule) implements Decision {}

    /// No rule holds, and this one is the first that nearly does.
    record Nearly(int rule) implements Decision {}

    /// This one comes before any that holds, and whether it holds depends on a further bundle's scores.
    ///
    /// @param bundle its name
    record Waits(int rule, String bundle) implements Decision {}
}
