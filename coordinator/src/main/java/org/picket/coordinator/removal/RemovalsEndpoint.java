package org.picket.coordinator.removal;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.picket.coordinator.database.Database;
import org.picket.proto.id.OrderId;
import org.picket.proto.id.StorageId;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.AcknowledgeRequest;
import org.picket.proto.v1.AcknowledgeResponse;
import org.picket.proto.v1.PullOrdersRequest;
import org.picket.proto.v1.PullOrdersResponse;
import org.picket.proto.v1.RemovalsGrpc;
import org.picket.proto.v1.Sealed;
import org.picket.runtime.time.TimeSource;

/// Orders out, receipts in.
final class RemovalsEndpoint extends RemovalsGrpc.RemovalsImplBase {
    private final Database database;
    private final TimeSource time;
    private final Outbox outbox;
    private final Acknowledgement acknowledgement;
    private final CrawlerAccess access;

    RemovalsEndpoint(
            Database database, TimeSource time, Outbox outbox, Acknowledgement acknowledgement, CrawlerAccess access) {
        this.database = database;
        this.time = time;
        this.outbox = outbox;
        this.acknowledgement = acknowledgement;
        this.access = access;
    }

    @Override
    public void pull(PullOrdersRequest request, StreamObserver<PullOrdersResponse> answer) {
        if (request.getStorageId() <= 0 || request.getLimit() < 1 || request.getLimit() > Limits.REMOVAL_BATCH) {
            fail(
                    answer,
                    Status.INVALID_ARGUMENT,
                    "a pull names a storage and a limit from 1 to " + Limits.REMOVAL_BATCH);
            return;
        }
        StorageId storage = new StorageId(request.getStorageId());
        Optional<String> identity = access.callerServes(storage);
        if (identity.isEmpty()) {
            fail(answer, Status.PERMISSION_DENIED, "storage " + storage + " is not one that this crawler serves");
            return;
        }
        if (!request.getIdentity().isEmpty() && !request.getIdentity().equals(identity.get())) {
            fail(answer, Status.NOT_FOUND, "storage " + storage + " is not registered as this one");
            return;
        }
        PullOrdersResponse.Builder orders = PullOrdersResponse.newBuilder();
        outbox.next(
                        storage,
                        request.getLimit(),
                        Duration.ofMillis(request.getWait().getMilliseconds()))
                .forEach(order -> {
                    if (order.withdrawn()) {
                        orders.addWithdrawn(order.sealed());
                    } else {
                        orders.addOrders(order.sealed());
                    }
                });
        answer.onNext(orders.build());
        answer.onCompleted();
    }

    @Override
    public void acknowledge(AcknowledgeRequest request, StreamObserver<AcknowledgeResponse> answer) {
        List<Sealed> receipts = request.getReceiptsList();
        if (receipts.size() > Limits.REMOVAL_BATCH) {
            fail(answer, Status.INVALID_ARGUMENT, "at most " + Limits.REMOVAL_BATCH + " receipts come in one call");
            return;
        }
        switch (database.transaction(handle -> acknowledgement.take(handle, receipts, access, time.now()))) {
            case Acknowledged.Taken(List<OrderId> orders, boolean failures) -> {
                outbox.answered(orders);
                if (failures) {
                    outbox.hint();
                }
                answer.onNext(AcknowledgeResponse.getDefaultInstance());
                answer.onCompleted();
            }
            case Acknowledged.Malformed(String reason) -> fail(answer, Status.INVALID_ARGUMENT, reason);
            case Acknowledged.Denied(String reason) -> fail(answer, Status.PERMISSION_DENIED, reason);
        }
    }

    private static void fail(StreamObserver<?> answer, Status status, String description) {
        answer.onError(status.withDescription(description).asRuntimeException());
    }
}
