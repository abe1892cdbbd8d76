package org.picket.agent.session;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.picket.agent.intake.Throughput;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.AcquireRequest;
import org.picket.proto.v1.AcquireResponse;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.Holdings;
import org.picket.proto.v1.LeasesGrpc.LeasesBlockingStub;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.Span;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Requests for leases, one after the other: each says which leases this agent holds, so that the coordinator
/// takes back at once what it granted to one whose answer never came, or to a process before this one.
///
/// For one thread.
final class Requests {
    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

    /// Beyond the time that the coordinator may hold the request.
    private static final Duration ANSWER_SLACK = Duration.ofSeconds(15);

    /// How long one of several coordinators may hold a request.
    private static final Duration SHARED_WAIT = Duration.ofSeconds(2);

    private final List<LeasesBlockingStub> leases;
    private final Duration usualWait;
    private final Throughput throughput;
    private long sent;

    /// @param leases of each coordinator
    /// @param wait how long a coordinator may hold a request
    Requests(List<LeasesBlockingStub> leases, Duration wait, Throughput throughput) {
        this.leases = leases;
        this.usualWait = wait;
        this.throughput = throughput;
    }

    /// Sends one, and waits for the answer.
    ///
    /// @param lines that a lease may be for
    /// @param held ids of all leases that were begun here and are not over
    AcquireResponse ask(int coordinator, List<Line> lines, List<ByteString> held) {
        if (lines.isEmpty()) {
            // The last bundle went meanwhile.
            return AcquireResponse.newBuilder()
                    .setNone(NoLease.newBuilder().setReason(NoLease.Reason.BUNDLE_MISSING))
                    .build();
        }
        Duration wait = longest();
        LeaseLoop.Skill first = lines.getFirst().skill();
        AcquireRequest.Builder request = AcquireRequest.newBuilder()
                .addAllBundleDigests(
                        lines.stream().map(line -> line.skill().bundleDigest()).toList())
                .setProviderClass(first.providerClass())
                .setMemoryBytes(first.memoryBytes())
                .setViewsPerSecond(throughput.perSecond())
                .setWait(Span.newBuilder().setMilliseconds(wait.toMillis()));
        holdings(held).ifPresent(request::setHoldings);
        return leases.get(coordinator)
                .withDeadlineAfter(wait.plus(ANSWER_SLACK))
                .acquire(request.build());
    }

    /// All of it or nothing: what is left out would be taken back.
    private Optional<Holdings> holdings(List<ByteString> held) {
        sent++;
        return held.size() > Limits.HELD_LEASES
                ? Optional.empty()
                : Optional.of(Holdings.newBuilder()
                        .setRequest(sent)
                        .addAllLeaseIds(held)
                        .build());
    }

    /// Where there are several, none is waited for long: another may have work.
    private Duration longest() {
        return leases.size() == 1 || usualWait.compareTo(SHARED_WAIT) < 0 ? usualWait : SHARED_WAIT;
    }

    /// Gives a lease back that was not begun.
    void giveBack(Grant grant, int coordinator) {
        try {
            leases.get(coordinator)
                    .withDeadlineAfter(ANSWER_SLACK)
                    .giveBack(GiveBackRequest.newBuilder()
                            .setFence(grant.getFence())
                            .setShardId(grant.getShardId())
                            .setReason(GiveBackRequest.Reason.STOPPING)
                            .setDetail("its bundle runs here no more")
                            .build());
        } catch (StatusRuntimeException e) {
            LOG.warn("Shard {}: its lease is left to the next request ({}).", grant.getShardId(), e.getStatus());
        }
    }
}
