package org.picket.crawler.supply;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.Preprocessing;
import org.picket.proto.v1.ProbeRequest;
import org.picket.proto.v1.ProbeResponse;
import org.picket.proto.v1.ResolveRequest;
import org.picket.proto.v1.ResolveResponse;
import org.picket.proto.v1.SuppliedObject;
import org.picket.proto.v1.SuppliesGrpc;
import org.picket.proto.v1.SupplyReport;
import org.picket.proto.v1.SupplyReportResponse;

/// The coordinator's end of the supply, which writes down what it is told.
final class SuppliesFake extends SuppliesGrpc.SuppliesImplBase {
    final Set<ByteString> ruled = ConcurrentHashMap.newKeySet();
    final Set<ByteString> scored = ConcurrentHashMap.newKeySet();
    final List<SupplyReport> reports = new CopyOnWriteArrayList<>();
    /// Reports that only say that a lease is held up.
    final BlockingQueue<SupplyReport> words = new LinkedBlockingQueue<>();
    final AtomicInteger probes = new AtomicInteger();
    /// Calls of each kind that fail before one succeeds.
    final AtomicInteger failures = new AtomicInteger();
    volatile ResolveResponse terms = ResolveResponse.newBuilder()
            .setFirstKey("")
            .setLastKey("~")
            .setPreprocessing(Preprocessing.newBuilder()
                    .setVersion(Limits.PREPROCESSING_VERSION)
                    .setViewSize(2))
            .build();
    volatile Status refusal = Status.OK;

    List<SuppliedObject> objects() {
        List<SuppliedObject> objects = new ArrayList<>();
        reports.forEach(report -> objects.addAll(report.getObjectsList()));
        return objects;
    }

    int reported() {
        return reports.stream().mapToInt(SupplyReport::getObjectsCount).sum();
    }

    @Override
    public void resolve(ResolveRequest request, StreamObserver<ResolveResponse> answer) {
        if (!refusal.isOk()) {
            answer.onError(refusal.asRuntimeException());
            return;
        }
        answer.onNext(terms);
        answer.onCompleted();
    }

    @Override
    public void probe(ProbeRequest request, StreamObserver<ProbeResponse> answer) {
        probes.incrementAndGet();
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            answer.onError(Status.UNAVAILABLE.asRuntimeException());
            return;
        }
        ProbeResponse.Builder response = ProbeResponse.newBuilder();
        request.getSha256List()
                .forEach(hash -> response.addKnown(
                        ruled.contains(hash)
                                ? ProbeResponse.Known.RULED
                                : scored.contains(hash) ? ProbeResponse.Known.SCORED : ProbeResponse.Known.UNKNOWN));
        answer.onNext(response.build());
        answer.onCompleted();
    }

    @Override
    public void report(SupplyReport report, StreamObserver<SupplyReportResponse> answer) {
        if (report.getFrom() != reported()) {
            answer.onError(Status.FAILED_PRECONDITION.asRuntimeException());
            return;
        }
        if (report.getObjectsCount() == 0 && !report.getLast()) {
            words.add(report);
        } else {
            reports.add(report);
        }
        answer.onNext(SupplyReportResponse.getDefaultInstance());
        answer.onCompleted();
    }
}
