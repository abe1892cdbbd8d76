package org.picket.coordinator.finding;

import java.util.Objects;
import java.util.Optional;
import org.picket.coordinator.policy.Action;

/// What may befall a finding.
public sealed interface FindingCommand {

    /// A verdict was ruled on, for the first time or again.
    ///
    /// @param permitted what rule and site let the machine do, at most
    /// @param hold why it must wait for a person, where it must
    record Rule(Action permitted, Optional<String> hold) implements FindingCommand {
        public Rule {
            Objects.requireNonNull(permitted);
            Objects.requireNonNull(hold);
        }
    }

    /// A person wants it quarantined.
    record Quarantine() implements FindingCommand {}

    /// A person wants it destroyed.
    record Purge() implements FindingCommand {}

    /// A person wants it back.
    record Release() implements FindingCommand {}

    /// The receipt of the open order.
    ///
    /// @param outcome what became of it
    /// @param detail for people
    /// @param lastAttempt whether a failure is final
    record Receive(Outcome outcome, String detail, boolean lastAttempt) implements FindingCommand {
        public Receive {
            Objects.requireNonNull(outcome);
            Objects.requireNonNull(detail);
        }
    }

    /// Something else is at its key, or a newer ruling cleared it.
    record Supersede() implements FindingCommand {}

    /// A listing found nothing at its key.
    record Vanish() implements FindingCommand {}

    /// The site allowed its content.
    record Allow() implements FindingCommand {}
}
