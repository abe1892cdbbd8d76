package org.picket.coordinator.verdict;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.picket.proto.v1.LeaseLost;
import org.picket.proto.v1.ReportRejected;
import org.picket.proto.v1.ReportResponse;
import org.picket.runtime.telemetry.Label;
import org.picket.runtime.telemetry.Meters;

/// What verdicts were answered, since the start. Safe for any number of threads.
final class VerdictCounts {
    private final LongAdder accepted = new LongAdder();
    private final AtomicLongArray rejected = new AtomicLongArray(ReportRejected.Reason.values().length);
    private final AtomicLongArray late = new AtomicLongArray(LeaseLost.Reason.values().length);

    /// One more.
    ///
    /// @return the same answer
    ReportResponse add(ReportResponse answer) {
        switch (answer.getOutcomeCase()) {
            case ACCEPTED -> accepted.increment();
            case REJECTED ->
                rejected.incrementAndGet(answer.getRejected().getReason().ordinal());
            case EVIDENCE ->
                late.incrementAndGet(answer.getEvidence().getReason().ordinal());
            case OUTCOME_NOT_SET -> throw new IllegalStateException("a verdict was answered with nothing");
        }
        return answer;
    }

    void meters(Meters meters) {
        meters.counter("picket_verdicts_accepted_total", "Verdicts that were ruled on.", accepted::sum);
        Arrays.stream(ReportRejected.Reason.values())
                .filter(reason -> reason != ReportRejected.Reason.UNRECOGNIZED)
                .forEach(reason -> meters.counter(
                        "picket_verdicts_rejected_total",
                        "Verdicts that were not believed, by reason.",
                        () -> rejected.get(reason.ordinal()),
                        Label.of("reason", reason)));
        Arrays.stream(LeaseLost.Reason.values())
                .filter(reason -> reason != LeaseLost.Reason.UNRECOGNIZED)
                .forEach(reason -> meters.counter(
                        "picket_verdicts_late_total",
                        "Verdicts that came after their lease and were kept as evidence, by what became of the lease.",
                        () -> late.get(reason.ordinal()),
                        Label.of("reason", reason)));
    }
}
