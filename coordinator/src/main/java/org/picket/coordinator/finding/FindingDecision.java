package org.picket.coordinator.finding;

import java.util.Objects;

/// What follows from a command.
public sealed interface FindingDecision {

    /// Nothing.
    record Keep() implements FindingDecision {}

    /// Another state.
    record Become(FindingState next) implements FindingDecision {
        public Become {
            Objects.requireNonNull(next);
        }
    }

    /// Another state, which an order is to bring about.
    record Order(Removal removal, FindingState next) implements FindingDecision {
        public Order {
            Objects.requireNonNull(removal);
            Objects.requireNonNull(next);
        }
    }

    /// The same order once more.
    record Repeat(Removal removal) implements FindingDecision {
        public Repeat {
            Objects.requireNonNull(removal);
        }
    }

    /// Not in this state.
    ///
    /// @param reason what stands against it, and what to do
    record Refuse(String reason) implements FindingDecision {
        public Refuse {
            Objects.requireNonNull(reason);
        }
    }
}
