package org.picket.coordinator.lease;

import org.picket.coordinator.fleet.Member;
import org.picket.proto.v1.ReportRequest;
import org.picket.proto.v1.ReportResponse;

/// Takes verdicts. May block until one is written.
@FunctionalInterface
public interface Reports {
    /// Judges a report and has it written.
    ReportResponse report(Member agent, ReportRequest request);
}
