package org.picket.coordinator.relay;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.function.Supplier;
import org.picket.coordinator.fleet.Member;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.AttendRequest;
import org.picket.proto.v1.RelayGrpc;
import org.picket.proto.v1.RelayPart;
import org.picket.proto.v1.RelayRefusal;
import org.picket.proto.v1.Wanted;
import org.picket.runtime.channel.RelayPiece;
import org.picket.runtime.channel.RelayWire;

/// The relay's edge. Both ends of a stream run on the transport's own threads and never block.
final class RelayEndpoint implements BindableService {
    private static final int MOST_DESCRIPTION = 300;

    /// Parts taken of a crawler ahead: its credit is the bound, not their number.
    private static final int AHEAD = 16;

    private final Relay relay;
    private final Relay.StorageOwners storages;
    private final Supplier<Member> caller;

    RelayEndpoint(Relay relay, Relay.StorageOwners storages, Supplier<Member> caller) {
        this.relay = relay;
        this.storages = storages;
        this.caller = caller;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(RelayGrpc.SERVICE_NAME)
                .addMethod(RelayGrpc.getAttendMethod(), ServerCalls.asyncServerStreamingCall(this::attend))
                .addMethod(RelayWire.SUPPLY, (call, _) -> begin(call, new SupplyEnd(caller.get(), call)))
                .addMethod(RelayWire.OPEN, (call, _) -> begin(call, new AgentEnd(caller.get(), call)))
                .build();
    }

    private static <T> T begin(ServerCall<RelayPiece, RelayPiece> call, T end) {
        call.sendHeaders(new Metadata());
        call.request(1);
        return end;
    }

    private void attend(AttendRequest request, StreamObserver<Wanted> observer) {
        if (request.getStorageId() <= 0) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("a crawler attends for a storage")
                    .asRuntimeException();
        }
        StorageId storage = new StorageId(request.getStorageId());
        Member crawler = caller.get();
        if (storages.owner(storage, request.getIdentity())
                .filter(crawler.owner()::equals)
                .isEmpty()) {
            throw Status.NOT_FOUND
                    .withDescription("there is no storage " + storage.value() + " of this crawler's site")
                    .asRuntimeException();
        }
        ServerCallStreamObserver<Wanted> call = (ServerCallStreamObserver<Wanted>) observer;
        call.setOnCancelHandler(() -> relay.left(storage, call));
        relay.attend(crawler, storage, call).ifPresent(why -> {
            throw why.asRuntimeException();
        });
    }

    /// One end of a stream, until its call is over.
    private abstract static class End extends ServerCall.Listener<RelayPiece> {
        final ServerCall<RelayPiece, RelayPiece> call;
        Optional<Meeting> meeting = Optional.empty();
        private boolean refused;

        End(ServerCall<RelayPiece, RelayPiece> call) {
            this.call = call;
        }

        final void settle(Relay.Opened opened) {
            switch (opened) {
                case Relay.Opened.Waits waits -> meeting = Optional.of(waits.meeting());
                case Relay.Opened.Refused no -> refuse(no.status());
            }
        }

        final void refuse(Status status) {
            if (!refused) {
                refused = true;
                call.close(status, new Metadata());
            }
        }

        final boolean refused() {
            return refused;
        }

        final void unexpected() {
            refuse(Status.INVALID_ARGUMENT.withDescription("this part does not belong here"));
        }
    }

    private final class AgentEnd extends End {
        private final Member agent;

        AgentEnd(Member agent, ServerCall<RelayPiece, RelayPiece> call) {
            super(call);
            this.agent = agent;
        }

        @Override
        public void onMessage(RelayPiece piece) {
            if (refused()) {
                return;
            }
            if (meeting.isEmpty()
                    && piece instanceof RelayPiece.Word(RelayPart part)
                    && part.hasOpening()
                    && part.getOpening().hasHello()) {
                settle(relay.open(agent, part.getOpening(), call));
            } else {
                unexpected();
                meeting.ifPresent(met -> relay.over(met, Status.INVALID_ARGUMENT));
            }
        }

        @Override
        public void onReady() {
            meeting.ifPresent(Meeting::ready);
        }

        @Override
        public void onHalfClose() {
            if (meeting.isEmpty()) {
                unexpected();
            }
        }

        @Override
        public void onCancel() {
            meeting.ifPresent(met -> relay.over(met, Status.CANCELLED));
        }

        @Override
        public void onComplete() {
            meeting.ifPresent(met -> relay.over(met, Status.CANCELLED));
        }
    }

    private final class SupplyEnd extends End {
        private final Member crawler;

        SupplyEnd(Member crawler, ServerCall<RelayPiece, RelayPiece> call) {
            super(call);
            this.crawler = crawler;
        }

        @Override
        public void onMessage(RelayPiece piece) {
            switch (piece) {
                case RelayPiece.Frame frame -> {
                    if (meeting.isPresent() && !refused()) {
                        relay.frame(meeting.get(), frame);
                    } else {
                        frame.release();
                        unexpected();
                    }
                    call.request(1);
                }
                case RelayPiece.Word word -> {
                    if (!refused()) {
                        word(word.part());
                    }
                }
            }
        }

        private void word(RelayPart part) {
            if (meeting.isEmpty() && part.hasOpening()) {
                settle(relay.supply(crawler, part.getOpening().getTicket(), call));
                call.request(AHEAD);
            } else if (meeting.isPresent() && part.hasHello()) {
                meeting.get().pass(part);
                call.request(1);
            } else if (meeting.isPresent() && part.hasRefusal()) {
                relay.over(meeting.get(), status(part.getRefusal()));
            } else {
                unexpected();
                meeting.ifPresent(met -> relay.over(met, Status.UNAVAILABLE.withDescription("the crawler failed")));
            }
        }

        /// All is sent: what is under way still arrives.
        @Override
        public void onHalfClose() {
            if (meeting.isEmpty()) {
                unexpected();
            }
            meeting.ifPresent(met -> relay.over(met, Status.OK));
        }

        @Override
        public void onCancel() {
            meeting.ifPresent(met -> relay.over(met, Status.UNAVAILABLE.withDescription("the crawler went away")));
        }

        @Override
        public void onComplete() {
            onCancel();
        }
    }

    private static Status status(RelayRefusal refusal) {
        Status status = Status.fromCodeValue(refusal.getCode());
        String description = refusal.getDescription();
        return (status.isOk() ? Status.UNAVAILABLE : status)
                .withDescription(description.substring(0, Math.min(MOST_DESCRIPTION, description.length())));
    }
}
