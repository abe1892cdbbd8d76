package org.picket.coordinator.lease;

import java.time.Duration;
import org.picket.coordinator.feed.Granting;
import org.picket.proto.v1.NoLease;

/// What a call for work came to.
public sealed interface Acquired {
    /// @param lease to be worked on
    record Granted(Lease lease) implements Acquired {}

    /// @param reason why not
    /// @param comeBack when to ask again
    /// @param detail for people
    record None(NoLease.Reason reason, Duration comeBack, String detail) implements Acquired {
        private static final Duration COME_BACK = Duration.ofSeconds(1);
        private static final Duration COME_BACK_CHANGED = Duration.ofSeconds(30);

        /// The agent gets no further lease until a person resumes it.
        static None drained() {
            return new None(Granting.DRAINED.reason(), COME_BACK_CHANGED, Granting.DRAINED.detail());
        }

        /// To ask again soon, or where a person would have to change something first, not so soon.
        static None because(NoLease.Reason reason, String detail) {
            boolean changed = reason == NoLease.Reason.BUNDLE_MISSING
                    || reason == NoLease.Reason.OUTSIDE_CIRCLE
                    || reason == NoLease.Reason.INCAPABLE;
            return new None(reason, changed ? COME_BACK_CHANGED : COME_BACK, detail);
        }
    }
}
