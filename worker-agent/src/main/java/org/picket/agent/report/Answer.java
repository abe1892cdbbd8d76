package org.picket.agent.report;

import org.picket.proto.v1.LeaseLost;
import org.picket.proto.v1.ReportRejected;

/// What the coordinator made of a verdict.
public sealed interface Answer {
    /// It counts.
    ///
    /// @param complete the lease is over
    record Accepted(boolean complete) implements Answer {}

    /// It came too late and is only written down.
    record Evidence(LeaseLost.Reason reason) implements Answer {}

    /// It is not believed.
    record Rejected(ReportRejected.Reason reason, String detail) implements Answer {}
}
