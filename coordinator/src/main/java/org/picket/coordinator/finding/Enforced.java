package org.picket.coordinator.finding;

import java.util.Objects;
import org.picket.proto.id.FindingId;

/// What became of a person's word about findings.
public sealed interface Enforced {

    /// It was done.
    ///
    /// @param orders written
    /// @param lastId the last finding looked at
    /// @param more whether findings after it may be left
    record Done(int orders, long lastId, boolean more) implements Enforced {}

    /// No such finding; nothing was done about any.
    record Unknown(FindingId finding) implements Enforced {
        public Unknown {
            Objects.requireNonNull(finding);
        }
    }

    /// Not in its state; nothing was done about any.
    ///
    /// @param finding which one
    /// @param reason what stands against it, and what to do
    record Refused(FindingId finding, String reason) implements Enforced {
        public Refused {
            Objects.requireNonNull(finding);
            Objects.requireNonNull(reason);
        }
    }
}
