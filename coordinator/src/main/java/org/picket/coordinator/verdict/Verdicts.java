package org.picket.coordinator.verdict;

import java.util.Optional;
import org.picket.coordinator.fleet.Keyring;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.lease.Held;
import org.picket.coordinator.lease.Lease;
import org.picket.coordinator.lease.LeaseEnd;
import org.picket.coordinator.lease.Leases;
import org.picket.coordinator.lease.Reports;
import org.picket.coordinator.shard.Fence;
import org.picket.coordinator.shard.ShardState;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.Opened;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.ReportAccepted;
import org.picket.proto.v1.ReportKeptAsEvidence;
import org.picket.proto.v1.ReportRejected;
import org.picket.proto.v1.ReportRequest;
import org.picket.proto.v1.ReportResponse;
import org.picket.proto.v1.VerdictStatement;
import org.picket.runtime.time.TimeSource;

/// Takes verdicts: verifies, judges, rules, and waits until they are written.
///
/// Safe for any number of threads; reports of one lease follow each other under its lock.
final class Verdicts implements Reports {
    private final Keyring keyring;
    private final Leases leases;
    private final RulingChanges changes;
    private final RulingQueue queue;
    private final Evidence evidence;
    private final Rejections rejections;
    private final TimeSource time;
    private final AcceptedReports accepted = new AcceptedReports();

    Verdicts(
            Keyring keyring,
            Leases leases,
            RulingChanges changes,
            RulingQueue queue,
            Evidence evidence,
            TimeSource time) {
        this.keyring = keyring;
        this.leases = leases;
        this.changes = changes;
        this.queue = queue;
        this.evidence = evidence;
        this.rejections = new Rejections(time);
        this.time = time.steady();
    }

    @Override
    public ReportResponse report(Member agent, ReportRequest request) {
        ReportResponse answer = queue.verdicts().add(answer(agent, request));
        if (answer.hasRejected()) {
            rejections.note(agent, answer.getRejected().getReason());
        }
        return answer;
    }

    private ReportResponse answer(Member agent, ReportRequest request) {
        Opened<VerdictStatement> opened = Opened.open(
                SealKind.VERDICT,
                request.getVerdict(),
                VerdictStatement.parser(),
                keyring::key,
                Limits.STATEMENT_BYTES);
        return switch (opened) {
            case Opened.Invalid<VerdictStatement>(Opened.Reason reason) -> rejected(wire(reason), "");
            case Opened.Valid<VerdictStatement>(VerdictStatement verdict, VerifyingKey key) ->
                key.equals(agent.key())
                        ? verified(agent, request, verdict)
                        : rejected(ReportRejected.Reason.UNKNOWN_KEY, "the verdict is another member's");
        };
    }

    private ReportResponse verified(Member agent, ReportRequest request, VerdictStatement verdict) {
        Digest statement = Digest.of(request.getVerdict().getStatement());
        Optional<ReportAccepted> before = accepted.find(statement);
        if (before.isPresent()) {
            return accepted(before.get());
        }
        Optional<Fence> fence = Fence.of(verdict.getFence());
        leases.otherTerms().requireNotElsewhere(fence);
        Held held = fence.map(current -> leases.find(current, agent)).orElse(new Held.Lost(LeaseEnd.SUPERSEDED));
        return switch (held) {
            case Held.Lost(LeaseEnd how) -> late(agent, request, how);
            case Held.Current(Lease lease) -> {
                lease.lock().lock();
                try {
                    yield locked(agent, request, verdict, statement, lease);
                } finally {
                    lease.lock().unlock();
                }
            }
        };
    }

    private ReportResponse locked(
            Member agent, ReportRequest request, VerdictStatement verdict, Digest statement, Lease lease) {
        Optional<ReportAccepted> before = accepted.find(statement);
        if (before.isPresent()) {
            return accepted(before.get());
        }
        if (lease.end().isPresent()) {
            return ended(agent, request, lease);
        }
        if (verdict.getShardId() != lease.shard().key().id().value()) {
            return rejected(ReportRejected.Reason.WRONG_RANGE, "the lease is of another shard");
        }
        return switch (VerdictRules.judge(lease, verdict, request.getScores())) {
            case Judgement.Unfit(ReportRejected.Reason reason, String detail) -> rejected(reason, detail);
            case Judgement.Fits fits -> {
                RuledObjects ruled = ruled(lease, fits);
                RulingChange change = changes.ruled(lease, ruled, verdict.getTo(), request.getVerdict());
                yield switch (queue.write(change)) {
                    case CURRENT -> written(lease, change, statement);
                    case SUPERSEDED -> lost(agent, request, lease, LeaseEnd.SUPERSEDED);
                    // Another coordinator silenced it a moment ago.
                    case SILENCED -> lost(agent, request, lease, LeaseEnd.REVOKED);
                };
            }
        };
    }

    /// A further bundle's scores are ruled together with those that its objects have already.
    private RuledObjects ruled(Lease lease, Judgement.Fits fits) {
        if (lease.shard().followUp().isEmpty()) {
            return changes.ruler(lease).rule(fits.objects(), fits.scores());
        }
        FurtherScores together = FurtherScores.of(lease, fits);
        return changes.ruler(lease).rule(together.objects(), together.scores());
    }

    private ReportResponse written(Lease lease, RulingChange change, Digest statement) {
        int count = change.ruled().marks().length;
        boolean complete = !(change.shard().state() instanceof ShardState.Leased);
        lease.advance(count, change.shard().past(), time.now());
        ReportAccepted answer = ReportAccepted.newBuilder()
                .setCursor(lease.ruled())
                .setComplete(complete)
                .build();
        accepted.remember(statement, answer);
        if (!change.ruled().waiting().isEmpty()) {
            leases.followed(lease.shard().key().listing());
        }
        if (complete) {
            leases.over(lease, LeaseEnd.COMPLETE);
            if (change.shard().state() instanceof ShardState.Open) {
                leases.opened(lease.shard(), false);
            }
        }
        return accepted(answer);
    }

    private ReportResponse lost(Member agent, ReportRequest request, Lease lease, LeaseEnd how) {
        leases.lose(lease, how);
        return ended(agent, request, lease);
    }

    /// Asks anew, since it ended after it was found: whoever asks for it is told, and hears how.
    private ReportResponse ended(Member agent, ReportRequest request, Lease lease) {
        LeaseEnd how = leases.find(lease.fence(), agent) instanceof Held.Lost(LeaseEnd end) ? end : LeaseEnd.SUPERSEDED;
        return late(agent, request, how);
    }

    private ReportResponse late(Member agent, ReportRequest request, LeaseEnd how) {
        evidence.keep(agent, request.getVerdict());
        return ReportResponse.newBuilder()
                .setEvidence(ReportKeptAsEvidence.newBuilder().setReason(how.wire()))
                .build();
    }

    private static ReportResponse accepted(ReportAccepted answer) {
        return ReportResponse.newBuilder().setAccepted(answer).build();
    }

    private static ReportResponse rejected(ReportRejected.Reason reason, String detail) {
        return ReportResponse.newBuilder()
                .setRejected(ReportRejected.newBuilder().setReason(reason).setDetail(detail))
                .build();
    }

    private static ReportRejected.Reason wire(Opened.Reason reason) {
        return switch (reason) {
            case UNKNOWN_KEY -> ReportRejected.Reason.UNKNOWN_KEY;
            case BAD_SIGNATURE, UNKNOWN_ALGORITHM -> ReportRejected.Reason.BAD_SIGNATURE;
            case MALFORMED -> ReportRejected.Reason.MALFORMED;
        };
    }
}
