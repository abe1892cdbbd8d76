package org.picket.cli;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.picket.proto.v1.EnforceRequest;
import org.picket.proto.v1.EnforceResponse;
import org.picket.proto.v1.Finding;
import org.picket.proto.v1.FindingsGrpc;
import org.picket.proto.v1.FindingsGrpc.FindingsBlockingStub;
import org.picket.proto.v1.HashListsGrpc.HashListsBlockingStub;
import org.picket.proto.v1.ListFindingsRequest;
import org.picket.proto.v1.ListFindingsResponse;
import org.picket.proto.v1.ReleaseRequest;
import org.picket.proto.v1.ReleaseResponse;

/// Findings that a coordinator keeps, of which nothing becomes but what a test says.
final class KeptFindings extends FindingsGrpc.FindingsImplBase implements Administration {
    final TreeMap<Long, String> states = new TreeMap<>();
    /// Findings of which the objects are INCONCLUSIVE by now.
    final Set<Long> inconclusive = new HashSet<>();
    final List<EnforceRequest> enforced = new ArrayList<>();
    final List<ListFindingsRequest> looks = new ArrayList<>();
    /// What happens before each of the next calls; a status that is thrown is its end.
    final Deque<Runnable> before = new ArrayDeque<>();

    private final int page;
    private final boolean knowsIds;
    private final Server server;
    private final ManagedChannel channel;

    /// @param page rows of one
    /// @param knowsIds whether it answers with the findings that are asked for alone
    KeptFindings(int page, boolean knowsIds) {
        this.page = page;
        this.knowsIds = knowsIds;
        String name = "kept-findings-" + UUID.randomUUID();
        try {
            server = InProcessServerBuilder.forName(name)
                    .directExecutor()
                    .addService(this)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    }

    /// @return whether the call ends with what came before it
    private boolean failed(StreamObserver<?> answer) {
        try {
            if (!before.isEmpty()) {
                before.removeFirst().run();
            }
            return false;
        } catch (StatusRuntimeException e) {
            answer.onError(e);
            return true;
        }
    }

    @Override
    public void list(ListFindingsRequest request, StreamObserver<ListFindingsResponse> answer) {
        if (failed(answer)) {
            return;
        }
        looks.add(request);
        ListFindingsResponse.Builder rows = ListFindingsResponse.newBuilder();
        states.tailMap(request.getAfterId(), false).forEach((id, state) -> {
            boolean asked = !knowsIds
                    || request.getFindingIdsCount() == 0
                    || request.getFindingIdsList().contains(id);
            if (asked && rows.getFindingsCount() < page) {
                rows.addFindings(Finding.newBuilder()
                        .setId(id)
                        .setState(state)
                        .setInconclusive(inconclusive.contains(id) ? "CORRUPT" : "")
                        .setStateDetail(state.equals("REFUSED") ? "why" : ""));
            }
        });
        answer.onNext(rows.build());
        answer.onCompleted();
    }

    @Override
    public void enforce(EnforceRequest request, StreamObserver<EnforceResponse> answer) {
        if (failed(answer)) {
            return;
        }
        List<String> waiting = List.of("OBSERVED", "HELD");
        if (!request.getFindingIdsList().stream()
                .allMatch(id -> waiting.contains(states.get(id)) && !inconclusive.contains(id))) {
            answer.onError(Status.FAILED_PRECONDITION.asRuntimeException());
            return;
        }
        enforced.add(request);
        request.getFindingIdsList().forEach(id -> states.put(id, request.getAction() + "_ORDERED"));
        answer.onNext(EnforceResponse.newBuilder()
                .setOrdered(request.getFindingIdsCount())
                .build());
        answer.onCompleted();
    }

    @Override
    public void release(ReleaseRequest request, StreamObserver<ReleaseResponse> answer) {
        if (failed(answer)) {
            return;
        }
        states.put(request.getFindingId(), "RELEASE_ORDERED");
        answer.onNext(ReleaseResponse.getDefaultInstance());
        answer.onCompleted();
    }

    @Override
    public FindingsBlockingStub findings() {
        return FindingsGrpc.newBlockingStub(channel);
    }

    @Override
    public HashListsBlockingStub hashLists() {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> T ask(Supplier<T> call) {
        return call.get();
    }

    @Override
    public String orderedBy() {
        return "alice";
    }

    @Override
    public Outcomes carryOut(Ordered ordered, Duration wait) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
    }
}
