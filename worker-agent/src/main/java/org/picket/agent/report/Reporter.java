package org.picket.agent.report;

import io.grpc.Status;
import org.picket.proto.v1.LeasesGrpc.LeasesBlockingStub;
import org.picket.proto.v1.ReportRequest;
import org.picket.proto.v1.ReportResponse;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.time.Ticker;

/// Hands verdicts in. The same bytes are sent until an answer comes: the coordinator knows a repeated verdict
/// by its digest. Safe for any number of threads.
public final class Reporter {
    private final LeasesBlockingStub leases;
    private final Attempts attempts;
    private final Outflow outflow;
    private final Ticker ticker;

    /// @param outflow counts what goes out
    public Reporter(LeasesBlockingStub leases, Attempts attempts, Outflow outflow, Ticker ticker) {
        this.leases = leases;
        this.attempts = attempts;
        this.outflow = outflow;
        this.ticker = ticker;
    }

    /// Blocks until the coordinator has answered.
    ///
    /// @throws io.grpc.StatusRuntimeException where it cannot be reached for long, or refuses the call itself
    public Answer report(ReportRequest request) {
        ReportResponse response = attempts.call(() -> {
            outflow.went(request.getSerializedSize(), ticker.nanos());
            return leases.report(request);
        });
        return switch (response.getOutcomeCase()) {
            case ACCEPTED -> new Answer.Accepted(response.getAccepted().getComplete());
            case EVIDENCE -> new Answer.Evidence(response.getEvidence().getReason());
            case REJECTED ->
                new Answer.Rejected(
                        response.getRejected().getReason(),
                        response.getRejected().getDetail());
            case OUTCOME_NOT_SET ->
                throw Status.INTERNAL
                        .withDescription("the coordinator answered a verdict with nothing this version knows")
                        .asRuntimeException();
        };
    }
}
