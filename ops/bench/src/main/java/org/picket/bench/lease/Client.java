package org.picket.bench.lease;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.picket.proto.bundle.Scoring;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.AcquireRequest;
import org.picket.proto.v1.AcquireResponse;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.LeasesGrpc;
import org.picket.proto.v1.ProbeRequest;
import org.picket.proto.v1.ReportRequest;
import org.picket.proto.v1.ReportResponse;
import org.picket.proto.v1.ResolveRequest;
import org.picket.proto.v1.Span;
import org.picket.proto.v1.SuppliedObject;
import org.picket.proto.v1.SuppliesGrpc;
import org.picket.proto.v1.SupplyReport;
import org.picket.proto.v1.VerdictStatement;
import org.picket.runtime.Version;

/// An agent and a crawler in one: takes a lease and works it off, call for call as they do. For one thread.
public final class Client {
    private static final int WAIT_MILLIS = 200;

    private final LeasesGrpc.LeasesBlockingStub leases;
    private final SuppliesGrpc.SuppliesBlockingStub supplies;
    private final SigningKey key;
    private final List<Goods> goods;
    private final Habits habits;
    private final Scoring scoring;
    private final SplittableRandom random = new SplittableRandom();
    private int turn;

    /// How a client goes about it.
    ///
    /// @param viewsPerSecond that it claims to manage: decides the size of shards
    /// @param probing whether the crawler asks for known contents, segment by segment
    public record Habits(double viewsPerSecond, boolean probing) {}

    /// @param goods by number of objects: the last of them is for full shards, chosen by turns
    Client(Channel agent, Channel crawler, SigningKey key, List<Goods> goods, Habits habits) {
        this(agent, crawler, key, goods, habits, Stage.SCORING);
    }

    /// As the other one, for leases of a bundle that is not the stage's.
    public Client(Channel agent, Channel crawler, SigningKey key, List<Goods> goods, Habits habits, Scoring scoring) {
        this.scoring = scoring;
        this.leases = LeasesGrpc.newBlockingStub(agent);
        this.supplies = SuppliesGrpc.newBlockingStub(crawler);
        this.key = key;
        this.goods = goods;
        this.habits = habits;
    }

    /// Takes the next lease; empty where there is none.
    public Optional<Grant> acquire() {
        AcquireResponse response = ask(WAIT_MILLIS);
        return response.hasGrant() ? Optional.of(response.getGrant()) : Optional.empty();
    }

    /// Asks for a lease.
    ///
    /// @param waitMillis how long the coordinator may hold the request
    public AcquireResponse ask(int waitMillis) {
        return leases.acquire(AcquireRequest.newBuilder()
                .addBundleDigests(scoring.bundle().bytes())
                .setProviderClass("bench")
                .setViewsPerSecond(habits.viewsPerSecond())
                .setWait(Span.newBuilder().setMilliseconds(waitMillis))
                .build());
    }

    /// Works one lease off.
    ///
    /// @return its objects
    public int work(Grant grant) {
        return report(grant, supply(grant));
    }

    /// Does the crawler's part of a lease.
    ///
    /// @return what was supplied
    public Goods supply(Grant grant) {
        String first = supplies.resolve(
                        ResolveRequest.newBuilder().setTicket(grant.getTicket()).build())
                .getFirstKey();
        Goods load = load(grant.getObjects());
        supply(grant, load, first);
        return load;
    }

    /// Does the agent's part of a lease, which ends it.
    ///
    /// @return its objects
    public int report(Grant grant, Goods load) {
        VerdictStatement statement = VerdictStatement.newBuilder()
                .setFence(grant.getFence())
                .setShardId(grant.getShardId())
                .setTo(grant.getObjects())
                .setBundleDigest(scoring.bundle().bytes())
                .setPreprocessingDigest(scoring.preprocessingDigest().bytes())
                .setProviderClass("cpu-fp32-ort1.29-amd64")
                .setViews(grant.getObjects())
                .setViewsDigest(load.viewsDigest())
                .setScoresDigest(Digest.of(load.scores()).bytes())
                .setAgentVersion(Version.PICKET)
                .setTook(Span.newBuilder().setMilliseconds(1))
                .build();
        ReportResponse response = leases.report(ReportRequest.newBuilder()
                .setVerdict(key.seal(SealKind.VERDICT, statement))
                .setScores(load.scores())
                .build());
        if (!response.hasAccepted() || !response.getAccepted().getComplete()) {
            throw new IllegalStateException("a verdict of the bench was not accepted: " + response);
        }
        return grant.getObjects();
    }

    /// @param first key of the shard: all others begin with it, and so lie behind it and before the last one
    private void supply(Grant grant, Goods load, String first) {
        int from = 0;
        for (int i = 0; i < load.segments().size(); i++) {
            if (habits.probing()) {
                probe(grant, load.segments().get(i).size());
            }
            SupplyReport.Builder report = SupplyReport.newBuilder()
                    .setFence(grant.getFence())
                    .setShardId(grant.getShardId())
                    .setFrom(from)
                    .setLast(i == load.segments().size() - 1);
            for (SuppliedObject object : load.segments().get(i)) {
                report.addObjects(object.toBuilder().setKey(first + object.getKey()));
            }
            supplies.report(report.build());
            from += load.segments().get(i).size();
        }
    }

    /// Asks for contents that nobody knows: the dearest answer.
    private void probe(Grant grant, int objects) {
        ProbeRequest.Builder request =
                ProbeRequest.newBuilder().setFence(grant.getFence()).setShardId(grant.getShardId());
        byte[] hash = new byte[Digest.LENGTH];
        for (int i = 0; i < objects; i++) {
            random.nextBytes(hash);
            request.addSha256(ByteString.copyFrom(hash));
        }
        supplies.probe(request.build());
    }

    private Goods load(int objects) {
        turn = (turn + 1) % goods.size();
        for (int i = 0; i < goods.size(); i++) {
            Goods candidate = goods.get((turn + i) % goods.size());
            if (objects(candidate) == objects) {
                return candidate;
            }
        }
        throw new IllegalStateException("the bench has no goods of " + objects + " objects");
    }

    private static int objects(Goods goods) {
        return goods.segments().stream().mapToInt(List::size).sum();
    }
}
