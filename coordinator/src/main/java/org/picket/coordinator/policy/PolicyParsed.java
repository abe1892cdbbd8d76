package org.picket.coordinator.policy;

import java.util.List;

/// What became of a policy's text.
public sealed interface PolicyParsed {
    /// The policy, of a text that is sound.
    ///
    /// @throws IllegalStateException with the faults
    default Policy orThrow() {
        return switch (this) {
            case Valid(Policy policy) -> policy;
            case Faults(List<Fault> faults) -> throw new IllegalStateException("the policy is faulty: " + faults);
        };
    }

    /// The text is a sound policy.
    record Valid(Policy policy) implements PolicyParsed {}

    /// The text is no policy.
    ///
    /// @param faults every fault found, in the order of the text; at least one
    record Faults(List<Fault> faults) implements PolicyParsed {
        public Faults {
            faults = List.copyOf(faults);
            if (faults.isEmpty()) {
                throw new IllegalArgumentException("a refused policy has at least one fault");
            }
        }
    }
}
