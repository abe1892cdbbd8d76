package org.picket.coordinator.ruling;

/// Whether findings may have effects.
public sealed interface FuseState {

    /// They may.
    record Untripped() implements FuseState {}

    /// They may not, until a person has looked and reset the fuse.
    ///
    /// @param reason what happened, in numbers, for the person who looks
    record Tripped(String reason) implements FuseState {}
}
