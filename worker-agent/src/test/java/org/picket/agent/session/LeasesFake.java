package org.picket.agent.session;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.picket.proto.v1.AcquireRequest;
import org.picket.proto.v1.AcquireResponse;
import org.picket.proto.v1.Fence;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.GiveBackResponse;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.HeartbeatRequest;
import org.picket.proto.v1.HeartbeatResponse;
import org.picket.proto.v1.Holdings;
import org.picket.proto.v1.LeaseLost;
import org.picket.proto.v1.LeasesGrpc;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.ReportAccepted;
import org.picket.proto.v1.ReportRequest;
import org.picket.proto.v1.ReportResponse;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.Span;
import org.picket.proto.v1.TicketStatement;

/// The coordinator's end of leases, which writes down what it is told.
final class LeasesFake extends LeasesGrpc.LeasesImplBase {
    static final ByteString BUNDLE = ByteString.copyFromUtf8("bundle");
    static final ByteString OTHER_BUNDLE = ByteString.copyFromUtf8("other bundle");
    static final ByteString PREPROCESSING = ByteString.copyFromUtf8("preprocessing");

    volatile List<ByteString> asked = List.of();
    final AtomicInteger acquires = new AtomicInteger();
    private final Queue<Grant> grants = new ConcurrentLinkedQueue<>();
    private final List<ReportRequest> reports = new ArrayList<>();
    private final List<HeartbeatRequest> heartbeats = new ArrayList<>();
    private final List<GiveBackRequest> givenBack = new ArrayList<>();
    private final List<Holdings> holdings = new ArrayList<>();
    final AtomicInteger failingReports = new AtomicInteger();
    volatile boolean losing;
    /// Done while a request is held, before its answer.
    volatile Runnable meanwhile = () -> {};

    /// Answers as a coordinator of a later version might, once each.
    final AtomicReference<Optional<AcquireResponse>> laterGrant = new AtomicReference<>(Optional.empty());

    final AtomicReference<Optional<HeartbeatResponse>> laterBeat = new AtomicReference<>(Optional.empty());
    final AtomicReference<Optional<ReportResponse>> laterReport = new AtomicReference<>(Optional.empty());
    private volatile long ttlMillis = 60_000;

    void grant(long shard, long ttl) {
        grant(shard, ttl, BUNDLE);
    }

    void grant(long shard, long ttl, ByteString bundle) {
        ttlMillis = ttl;
        Fence fence = Fence.newBuilder()
                .setLeaseId(leaseId(shard))
                .setLeaseEpoch(1)
                .setTerm(1)
                .build();
        TicketStatement ticket =
                TicketStatement.newBuilder().setFence(fence).setShardId(shard).build();
        grants.add(Grant.newBuilder()
                .setTicket(Sealed.newBuilder().setStatement(ticket.toByteString()))
                .setFence(fence)
                .setShardId(shard)
                .setObjects(4)
                .setBundleDigest(bundle)
                .setPreprocessingDigest(PREPROCESSING)
                .setTtl(Span.newBuilder().setMilliseconds(ttl))
                .build());
    }

    /// Of the lease of a shard.
    static ByteString leaseId(long shard) {
        return ByteString.copyFrom(ByteBuffer.allocate(16).putLong(8, shard));
    }

    /// What each request said that the agent holds.
    synchronized List<Holdings> holdings() {
        return List.copyOf(holdings);
    }

    synchronized List<ReportRequest> reports() {
        return List.copyOf(reports);
    }

    synchronized List<HeartbeatRequest> heartbeats() {
        return List.copyOf(heartbeats);
    }

    synchronized List<GiveBackRequest> givenBack() {
        return List.copyOf(givenBack);
    }

    synchronized void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            wait(20_000);
        }
    }

    private synchronized void change(Runnable change) {
        change.run();
        notifyAll();
    }

    @Override
    public void acquire(AcquireRequest request, StreamObserver<AcquireResponse> answer) {
        asked = request.getBundleDigestsList();
        change(() -> holdings.add(request.getHoldings()));
        acquires.incrementAndGet();
        Optional<AcquireResponse> later = laterGrant.getAndSet(Optional.empty());
        if (later.isPresent()) {
            answer.onNext(later.get());
            answer.onCompleted();
            return;
        }
        AcquireResponse.Builder response = AcquireResponse.newBuilder();
        Grant grant = grants.poll();
        if (grant != null) {
            meanwhile.run();
        }
        if (grant == null) {
            response.setNone(NoLease.newBuilder()
                    .setReason(NoLease.Reason.NOTHING_LISTED)
                    .setComeBack(Span.newBuilder().setMilliseconds(20)));
        } else {
            response.setGrant(grant);
        }
        answer.onNext(response.build());
        answer.onCompleted();
    }

    @Override
    public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> answer) {
        HeartbeatResponse.Builder response = HeartbeatResponse.newBuilder();
        if (losing) {
            response.setLost(LeaseLost.newBuilder().setReason(LeaseLost.Reason.SUPERSEDED));
        } else {
            response.setTtl(Span.newBuilder().setMilliseconds(ttlMillis));
        }
        answer.onNext(laterBeat.getAndSet(Optional.empty()).orElseGet(response::build));
        answer.onCompleted();
        change(() -> heartbeats.add(request));
    }

    @Override
    public void report(ReportRequest request, StreamObserver<ReportResponse> answer) {
        if (failingReports.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            answer.onError(Status.UNAVAILABLE.asRuntimeException());
        } else {
            answer.onNext(laterReport
                    .getAndSet(Optional.empty())
                    .orElseGet(() -> ReportResponse.newBuilder()
                            .setAccepted(ReportAccepted.newBuilder())
                            .build()));
            answer.onCompleted();
        }
        change(() -> reports.add(request));
    }

    @Override
    public void giveBack(GiveBackRequest request, StreamObserver<GiveBackResponse> answer) {
        answer.onNext(GiveBackResponse.getDefaultInstance());
        answer.onCompleted();
        change(() -> givenBack.add(request));
    }
}
