package org.picket.coordinator.lease;

import java.time.Duration;
import org.picket.proto.v1.NoLease;

/// What a call for work came to.
public sealed interface Acquired {
    /// @param lease to be worked on
    record Granted(Lease lease) implements Acquired {}

    /// @param reason why not
    /// @param comeBack when to ask again
    /// @param detail for people
    record None(NoLease.Reason reason, Duration comeBack, String detail) implements Acquired {}
}
