package org.picket.crawler.supply;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.proto.v1.TicketStatement;
import org.picket.runtime.channel.FrameOutlet;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.channel.ViewsWire;

/// The service `picket.v1.Views` of all storages of a process: a ticket comes to the supply of the storage that it
/// names, which looks for itself whether it is its own. Storages come and go. Safe for any number of threads.
public final class SharedViews {
    private final ConcurrentHashMap<StorageId, Supply> supplies = new ConcurrentHashMap<>();

    /// For a server.
    public ServerServiceDefinition service() {
        return ViewsWire.serve(this::open);
    }

    /// Serves a storage's views from now on.
    public void add(StorageId storage, Supply supply) {
        supplies.put(storage, supply);
    }

    /// Serves them no longer; those of a later supply of that storage stay.
    public void remove(StorageId storage, Supply supply) {
        supplies.remove(storage, supply);
    }

    private void open(OpenViewsRequest request, StreamObserver<ViewFrame> observer) {
        Optional<Supply> supply = storage(request).flatMap(storage -> Optional.ofNullable(supplies.get(storage)));
        if (supply.isEmpty()) {
            // Nothing against the agent: the storage may be away just now, and another way to it may be none either.
            observer.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription("the crawler does not serve this storage just now")
                    .asRuntimeException());
            return;
        }
        supply.get().supply(request, FrameOutlet.to((ServerCallStreamObserver<ViewFrame>) observer));
    }

    /// The storage that the ticket names; empty where it names none.
    static Optional<StorageId> storage(OpenViewsRequest request) {
        try {
            return Optional.of(TicketStatement.parseFrom(request.getTicket().getStatement())
                            .getStorageId())
                    .filter(id -> id > 0)
                    .map(StorageId::new);
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }
}
