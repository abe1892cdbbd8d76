package org.picket.coordinator.finding;

import java.util.Objects;
import org.picket.coordinator.policy.Action;

/// Rulings with where they come from.
///
/// @param context of all of them
/// @param rulings of consecutive objects of one shard
public record Ruled(RulingContext context, Rulings rulings) {
    public Ruled {
        Objects.requireNonNull(context);
        Objects.requireNonNull(rulings);
    }

    /// Whether something may follow from them without a person.
    boolean acting() {
        return context.enforcement().mode() != Action.OBSERVE;
    }
}
