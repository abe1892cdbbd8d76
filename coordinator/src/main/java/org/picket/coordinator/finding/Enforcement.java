package org.picket.coordinator.finding;

import java.util.Objects;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.Fuses;

/// What a storage lets happen to its findings without a person.
///
/// @param mode the strongest action that its mode allows: OBSERVE, QUARANTINE, or PURGE for the mode that
/// deletes
/// @param fuses past which findings wait for a person
public record Enforcement(Action mode, Fuses fuses) {
    public Enforcement {
        Objects.requireNonNull(mode);
        Objects.requireNonNull(fuses);
    }
}
