package org.picket.coordinator;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.picket.proto.limit.FixedPoint;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.AcquireRequest;
import org.picket.proto.v1.AcquireResponse;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.HeartbeatRequest;
import org.picket.proto.v1.HeartbeatResponse;
import org.picket.proto.v1.Holdings;
import org.picket.proto.v1.LeasesGrpc;
import org.picket.proto.v1.ReportRequest;
import org.picket.proto.v1.ReportResponse;
import org.picket.proto.v1.Span;
import org.picket.proto.v1.VerdictStatement;

/// An agent that speaks the contract and knows the score of each view beforehand.
final class FakeAgent {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final SigningKey key;
    private final LeasesGrpc.LeasesBlockingStub leases;
    private final ByteString bundle;
    private final ByteString preprocessing;
    private final ToDoubleFunction<Item> scorer;

    FakeAgent(Channel channel, SigningKey key, ByteString bundle, ByteString preprocessing) {
        this(channel, key, bundle, preprocessing, Item::score);
    }

    /// With a bundle that sees something else.
    FakeAgent(
            Channel channel,
            SigningKey key,
            ByteString bundle,
            ByteString preprocessing,
            ToDoubleFunction<Item> scorer) {
        this.key = key;
        this.bundle = bundle;
        this.preprocessing = preprocessing;
        this.scorer = scorer;
        leases = LeasesGrpc.newBlockingStub(channel);
    }

    AcquireResponse ask() {
        return ask("", 0);
    }

    AcquireResponse ask(String providerClass, long memoryBytes) {
        return leases.acquire(AcquireRequest.newBuilder()
                .addBundleDigests(bundle)
                .setProviderClass(providerClass)
                .setMemoryBytes(memoryBytes)
                .build());
    }

    /// Asks, and says how fast it is.
    AcquireResponse ask(double viewsPerSecond) {
        return leases.acquire(AcquireRequest.newBuilder()
                .addBundleDigests(bundle)
                .setViewsPerSecond(viewsPerSecond)
                .build());
    }

    /// Asks, and has the coordinator hold the request for so long.
    AcquireResponse ask(Duration wait) {
        return leases.acquire(AcquireRequest.newBuilder()
                .addBundleDigests(bundle)
                .setWait(Span.newBuilder().setMilliseconds(wait.toMillis()))
                .build());
    }

    /// Asks, and says what it holds.
    AcquireResponse ask(Holdings holdings) {
        return leases.acquire(AcquireRequest.newBuilder()
                .addBundleDigests(bundle)
                .setHoldings(holdings)
                .setWait(Span.newBuilder().setMilliseconds(PATIENCE.toMillis()))
                .build());
    }

    /// As the other one, and does not wait.
    AcquireResponse askAtOnce(Holdings holdings) {
        return leases.acquire(AcquireRequest.newBuilder()
                .addBundleDigests(bundle)
                .setHoldings(holdings)
                .build());
    }

    /// A lease that there must be. It may be on its way: whoever asks without waiting does not wait for shards that are
    /// claimed for others, or ahead.
    Grant lease() {
        AcquireResponse response = ask(PATIENCE);
        if (!response.hasGrant()) {
            throw new AssertionError("there is no lease: " + response.getNone());
        }
        return response.getGrant();
    }

    /// A lease, where there is one at hand.
    Optional<Grant> acquire() {
        AcquireResponse response = ask();
        return response.hasGrant() ? Optional.of(response.getGrant()) : Optional.empty();
    }

    HeartbeatResponse beat(Grant grant, int cursor) {
        return leases.heartbeat(HeartbeatRequest.newBuilder()
                .setFence(grant.getFence())
                .setShardId(grant.getShardId())
                .setCursor(cursor)
                .build());
    }

    void giveBack(Grant grant, GiveBackRequest.Reason reason) {
        leases.giveBack(GiveBackRequest.newBuilder()
                .setFence(grant.getFence())
                .setShardId(grant.getShardId())
                .setReason(reason)
                .build());
    }

    /// Seals a verdict over one segment.
    ReportRequest verdict(Grant grant, FakeCrawler.Segment segment) {
        return verdict(grant, segment.from(), segment.to(), segment.views());
    }

    ReportRequest verdict(Grant grant, int from, int to, List<Item> views) {
        return seal(statement(grant, from, to, views).build(), scores(views, scorer));
    }

    ReportRequest seal(VerdictStatement statement, ByteString scores) {
        return ReportRequest.newBuilder()
                .setVerdict(key.seal(SealKind.VERDICT, statement))
                .setScores(scores)
                .build();
    }

    VerdictStatement.Builder statement(Grant grant, int from, int to, List<Item> views) {
        ByteString digests = views.stream().map(Item::view).reduce(ByteString.EMPTY, ByteString::concat);
        return VerdictStatement.newBuilder()
                .setFence(grant.getFence())
                .setShardId(grant.getShardId())
                .setFrom(from)
                .setTo(to)
                .setBundleDigest(bundle)
                .setPreprocessingDigest(preprocessing)
                .setViews(views.size())
                .setViewsDigest(Digest.of(digests).bytes())
                .setScoresDigest(Digest.of(scores(views, scorer)).bytes());
    }

    /// Those of the first bundle.
    static ByteString scores(List<Item> views) {
        return scores(views, Item::score);
    }

    private static ByteString scores(List<Item> views, ToDoubleFunction<Item> scorer) {
        ByteBuffer scores = ByteBuffer.allocate(views.size() * Short.BYTES);
        views.forEach(item -> scores.putShort(FixedPoint.of((float) scorer.applyAsDouble(item))));
        return ByteString.copyFrom(scores.flip());
    }

    ReportResponse report(ReportRequest request) {
        return leases.report(request);
    }

    /// Works until there is no lease to be had.
    ///
    /// @return leases worked off
    int work(FakeCrawler crawler) {
        int worked = 0;
        for (Optional<Grant> grant = acquire(); grant.isPresent(); grant = acquire()) {
            for (FakeCrawler.Segment segment : crawler.supply(grant.get())) {
                ReportResponse response = report(verdict(grant.get(), segment));
                if (!response.hasAccepted()) {
                    throw new IllegalStateException("the verdict was not accepted: " + response);
                }
            }
            worked++;
        }
        return worked;
    }
}
