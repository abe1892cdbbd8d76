package org.picket.agent.report;

import java.time.Duration;
import java.time.Instant;
import org.picket.agent.intake.Passage;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.ReportRequest;
import org.picket.proto.v1.Span;
import org.picket.proto.v1.VerdictStatement;

/// Signs verdicts with this agent's key.
///
/// @param providerClass of the engine that made the scores
/// @param agentVersion of this program
public record Signer(SigningKey key, String providerClass, String agentVersion) {

    /// The verdict over a passage of a lease, and its scores.
    public ReportRequest sign(Grant grant, Passage passage, Instant now) {
        Duration took = passage.views() == 0 ? Duration.ZERO : Duration.between(passage.firstView(), now);
        VerdictStatement statement = VerdictStatement.newBuilder()
                .setFence(grant.getFence())
                .setShardId(grant.getShardId())
                .setFrom(passage.from())
                .setTo(passage.to())
                .setBundleDigest(grant.getBundleDigest())
                .setPreprocessingDigest(grant.getPreprocessingDigest())
                .setProviderClass(providerClass)
                .setViewsDigest(passage.viewsDigest().bytes())
                .setScoresDigest(Digest.of(passage.scores()).bytes())
                .setViews(passage.views())
                .setAgentVersion(agentVersion)
                .setTook(Span.newBuilder().setMilliseconds(took.toMillis()))
                .build();
        return ReportRequest.newBuilder()
                .setVerdict(key.seal(SealKind.VERDICT, statement))
                .setScores(passage.scores())
                .build();
    }
}
