package org.picket.crawler.supply;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Optional;
import org.picket.proto.limit.Limits;
import org.picket.proto.relay.FrameCipher;
import org.picket.proto.relay.KeyExchange;
import org.picket.proto.relay.KeyExchange.Agreed;
import org.picket.proto.seal.Opened;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.proto.v1.RelayHello;
import org.picket.proto.v1.RelayOpening;
import org.picket.proto.v1.RelayPart;
import org.picket.proto.v1.RelayRefusal;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.TicketStatement;
import org.picket.runtime.channel.RelayPiece;
import org.picket.runtime.channel.RelayWire;
import org.picket.runtime.channel.SealedFrames;
import org.picket.runtime.identity.Party;
import org.picket.runtime.relay.Introduction;

/// One lease's views, sent over the relay: checks the ticket, learns from the agent itself who it is, and has
/// the views supplied to it as if it had called.
///
/// Runs on the transport's threads and never blocks.
final class RelayedSupply extends ClientCall.Listener<RelayPiece> {
    /// Parts under way from the relay: a hello, and credit.
    private static final int AHEAD = 16;

    /// Bytes waiting in the transport below which it counts as ready.
    private static final int READY_BYTES = 512 * 1_024;

    private final ClientCall<RelayPiece, RelayPiece> call;
    private final Introduction introduction;
    private final Sealed ticket;
    private final TicketStatement statement;
    private final Attendance.ViewSupply supply;
    private Optional<SealedOutlet> outlet = Optional.empty();

    private RelayedSupply(
            ClientCall<RelayPiece, RelayPiece> call,
            Introduction introduction,
            Sealed ticket,
            TicketStatement statement,
            Attendance.ViewSupply supply) {
        this.call = call;
        this.introduction = introduction;
        this.ticket = ticket;
        this.statement = statement;
        this.supply = supply;
    }

    /// Begins one, where the ticket is the coordinator's.
    ///
    /// @param relay for nothing but what is relayed
    /// @param coordinator whose tickets count
    /// @param supply called once the agent is known; ends the outlet
    static void begin(
            Channel relay,
            Introduction introduction,
            VerifyingKey coordinator,
            Sealed ticket,
            Attendance.ViewSupply supply) {
        Opened<TicketStatement> opened =
                Opened.open(SealKind.TICKET, ticket, TicketStatement.parser(), coordinator, Limits.STATEMENT_BYTES);
        if (!(opened instanceof Opened.Valid<TicketStatement> valid)) {
            supply.refused("what the relay wants views for is no ticket of the coordinator's");
            return;
        }
        ClientCall<RelayPiece, RelayPiece> call =
                relay.newCall(RelayWire.SUPPLY, CallOptions.DEFAULT.withOnReadyThreshold(READY_BYTES));
        call.start(new RelayedSupply(call, introduction, ticket, valid.statement(), supply), new Metadata());
        call.request(AHEAD);
        call.sendMessage(new RelayPiece.Word(RelayPart.newBuilder()
                .setOpening(RelayOpening.newBuilder().setTicket(ticket))
                .build()));
    }

    @Override
    public void onMessage(RelayPiece piece) {
        if (piece instanceof RelayPiece.Word(RelayPart part) && part.hasHello() && outlet.isEmpty()) {
            meet(part.getHello());
        } else if (piece instanceof RelayPiece.Word(RelayPart part)
                && part.getPartCase() == RelayPart.PartCase.CREDIT_BYTES
                && part.getCreditBytes() > 0) {
            outlet.ifPresent(open -> open.credit(part.getCreditBytes()));
        } else {
            call.cancel("a part that does not belong here", Status.INVALID_ARGUMENT.asException());
        }
        call.request(1);
    }

    /// Whoever is not let in is not met either: what is remembered of members is kept for those that are.
    private void meet(RelayHello hello) {
        OpenViewsRequest request =
                OpenViewsRequest.newBuilder().setTicket(ticket).build();
        Optional<Status> refusal = supply.refusal(request);
        if (refusal.isPresent()) {
            refuse(refusal.get());
            return;
        }
        Optional<Introduction.Begun> begun = introduction.begin(KeyExchange.End.CRAWLER, statement, Optional.empty());
        if (begun.isEmpty()) {
            unmet("this crawler has no certificate just now");
            return;
        }
        switch (introduction.answer(begun.get(), hello, party -> party.kind() == Party.Kind.AGENT)) {
            case Agreed.Refused refused -> unmet("the agent is not believed: " + refused.why());
            case Agreed.Key key -> {
                call.sendMessage(new RelayPiece.Word(
                        RelayPart.newBuilder().setHello(begun.get().hello()).build()));
                SealedOutlet open = new SealedOutlet(call, new SealedFrames(FrameCipher.sealing(key.frames())));
                outlet = Optional.of(open);
                supply.supply(request, open);
            }
        }
    }

    private void unmet(String why) {
        supply.refused("shard " + statement.getShardId() + ", over the relay: " + why);
        refuse(Status.UNAVAILABLE.withDescription("the crawler does not believe this agent"));
    }

    private void refuse(Status status) {
        call.sendMessage(new RelayPiece.Word(RelayPart.newBuilder()
                .setRefusal(RelayRefusal.newBuilder()
                        .setCode(status.getCode().value())
                        .setDescription(String.valueOf(status.getDescription())))
                .build()));
        call.halfClose();
    }

    @Override
    public void onReady() {
        outlet.ifPresent(SealedOutlet::ready);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        outlet.ifPresent(SealedOutlet::gone);
    }
}
