package org.picket.coordinator.fleet;

/// What the invited are handed.
@FunctionalInterface
public interface Invites {
    /// The code for a secret: with it, where the coordinator is and by which key it is known.
    String code(String secret);
}
