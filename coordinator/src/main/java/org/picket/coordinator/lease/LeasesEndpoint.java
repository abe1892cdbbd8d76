package org.picket.coordinator.lease;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.picket.coordinator.feed.Equipment;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.shard.Fence;
import org.picket.proto.id.StorageId;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.AcquireRequest;
import org.picket.proto.v1.AcquireResponse;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.GiveBackResponse;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.HeartbeatRequest;
import org.picket.proto.v1.HeartbeatResponse;
import org.picket.proto.v1.LeaseLost;
import org.picket.proto.v1.LeasesGrpc;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.RelayRoute;
import org.picket.proto.v1.ReportRequest;
import org.picket.proto.v1.ReportResponse;
import org.picket.proto.v1.Span;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands out leases and takes verdicts.
final class LeasesEndpoint extends LeasesGrpc.LeasesImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(LeasesEndpoint.class);
    private static final int BUNDLES = 64;
    private static final int PROVIDER_CLASS_LENGTH = 100;

    private final Leases leases;
    private final Reports reports;
    private final Tickets tickets;
    private final Routes routes;
    private final Function<StorageId, Optional<RelayRoute>> relays;

    LeasesEndpoint(
            Leases leases,
            Reports reports,
            Tickets tickets,
            Routes routes,
            Function<StorageId, Optional<RelayRoute>> relays) {
        this.routes = routes;
        this.relays = relays;
        this.leases = leases;
        this.reports = reports;
        this.tickets = tickets;
    }

    @Override
    public void acquire(AcquireRequest request, StreamObserver<AcquireResponse> observer) {
        if (request.getBundleDigestsCount() > BUNDLES) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("an agent names at most " + BUNDLES + " bundles")
                    .asRuntimeException();
        }
        if (request.getBundleDigestsList().stream().anyMatch(digest -> digest.size() != Digest.LENGTH)) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("a bundle is named by its SHA-256 digest, which has " + Digest.LENGTH + " bytes")
                    .asRuntimeException();
        }
        Equipment has =
                new Equipment(new HashSet<>(request.getBundleDigestsList()), providerClass(request), memory(request));
        leases.says(Member.caller(), request.getViewsPerSecond());
        holdings(request).ifPresent(said -> leases.holds(Member.caller(), said));
        Acquired acquired = wait(asker(request), has, request.getWait());
        leases.answered(Member.caller(), acquired);
        if (acquired instanceof Acquired.Granted(Lease lease)
                && Context.current().isCancelled()) {
            // Nobody would hear of it: the agent has gone, or was silenced while it waited.
            leases.giveBack(lease.fence(), lease.agent(), false);
            throw Status.CANCELLED.withDescription("the agent waits no more").asRuntimeException();
        }
        observer.onNext(
                switch (acquired) {
                    case Acquired.Granted(Lease lease) ->
                        AcquireResponse.newBuilder().setGrant(grant(lease)).build();
                    case Acquired.None(NoLease.Reason reason, Duration comeBack, String detail) ->
                        AcquireResponse.newBuilder()
                                .setNone(NoLease.newBuilder()
                                        .setReason(reason)
                                        .setComeBack(span(comeBack))
                                        .setDetail(detail))
                                .build();
                });
        observer.onCompleted();
    }

    private static Optional<Holdings> holdings(AcquireRequest request) {
        try {
            return Holdings.read(request, Member.process());
        } catch (IllegalArgumentException e) {
            throw Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException();
        }
    }

    private static Asker asker(AcquireRequest request) {
        OptionalLong process = Member.process();
        return new Asker(
                Member.caller(),
                process.isPresent()
                        ? Optional.of(new RequestNumber(
                                process.getAsLong(), request.getHoldings().getRequest()))
                        : Optional.empty());
    }

    private static String providerClass(AcquireRequest request) {
        String said = request.getProviderClass();
        return said.substring(0, Math.min(said.length(), PROVIDER_CLASS_LENGTH));
    }

    private static OptionalLong memory(AcquireRequest request) {
        long said = request.getMemoryBytes();
        return said == 0 ? OptionalLong.empty() : OptionalLong.of(said);
    }

    private Acquired wait(Asker asker, Equipment has, Span wait) {
        long millis = Math.clamp(wait.getMilliseconds(), 0, LeaseSettings.MOST_WAIT.toMillis());
        try {
            return leases.acquire(asker, has, Duration.ofMillis(millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Status.CANCELLED.withCause(e).asRuntimeException();
        }
    }

    private Grant grant(Lease lease) {
        LOG.info(
                "shard {}: leased to agent {}, epoch {}",
                lease.shard().key().id(),
                lease.agent().id(),
                lease.fence().epoch());
        Grant.Builder grant = Grant.newBuilder()
                .setTicket(tickets.issue(lease))
                .setFence(lease.fence().wire())
                .setShardId(lease.shard().key().id().value())
                .setObjects(lease.shard().leaseObjects())
                .setBundleDigest(lease.scoring().bundle().bytes())
                .setPreprocessingDigest(lease.scoring().preprocessingDigest().bytes())
                .setTtl(span(leases.settings().ttl()));
        routes.find(lease.terms().storage()).ifPresent(grant::setDirect);
        relays.apply(lease.terms().storage()).ifPresent(grant::setRelay);
        return grant.build();
    }

    @Override
    public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> observer) {
        Optional<Fence> called = Fence.of(request.getFence());
        leases.otherTerms().requireNotElsewhere(called);
        Held held = called.map(fence -> leases.heartbeat(fence, Member.caller(), request.getCursor()))
                .orElse(new Held.Lost(LeaseEnd.SUPERSEDED));
        observer.onNext(
                switch (held) {
                    case Held.Current _ ->
                        HeartbeatResponse.newBuilder()
                                .setTtl(span(leases.settings().ttl()))
                                .build();
                    case Held.Lost(LeaseEnd how) ->
                        HeartbeatResponse.newBuilder()
                                .setLost(LeaseLost.newBuilder().setReason(how.wire()))
                                .build();
                });
        observer.onCompleted();
    }

    @Override
    public void report(ReportRequest request, StreamObserver<ReportResponse> observer) {
        if (request.getScores().size() > Limits.REPORT_BYTES) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("a report has at most " + Limits.REPORT_BYTES + " bytes")
                    .asRuntimeException();
        }
        observer.onNext(reports.report(Member.caller(), request));
        observer.onCompleted();
    }

    @Override
    public void giveBack(GiveBackRequest request, StreamObserver<GiveBackResponse> observer) {
        Optional<Fence> fence = Fence.of(request.getFence());
        leases.otherTerms().requireNotElsewhere(fence);
        fence.ifPresent(current -> giveBack(current, request.getReason()));
        observer.onNext(GiveBackResponse.getDefaultInstance());
        observer.onCompleted();
    }

    private void giveBack(Fence fence, GiveBackRequest.Reason reason) {
        switch (reason) {
            case VIEWS_FAILED, INFERENCE_FAILED -> leases.giveBack(fence, Member.caller(), true);
            case VIEWS_OUT_OF_REACH -> leases.outOfReach(fence, Member.caller());
            case STOPPING, REASON_UNSPECIFIED, UNRECOGNIZED -> leases.giveBack(fence, Member.caller(), false);
        }
    }

    private static Span span(Duration duration) {
        return Span.newBuilder().setMilliseconds(duration.toMillis()).build();
    }
}
