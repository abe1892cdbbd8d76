package org.picket.crawler.supply;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.picket.proto.seal.KeyId;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.proto.v1.TicketStatement;
import org.picket.runtime.identity.Party;
import org.picket.runtime.identity.Peer;
import org.picket.runtime.time.TimeSource;

/// Lets an agent open the views of its own leases only: the key of its certificate must be the one in the
/// ticket. Whether the ticket is genuine and its lease current, the coordinator says when the ticket is
/// resolved; so it does for an agent that was silenced since.
public final class TicketInterceptor implements ServerInterceptor {
    private final TimeSource time;

    public TicketInterceptor(TimeSource time) {
        this.time = time;
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        Optional<Peer> peer = Optional.ofNullable(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
                .flatMap((SSLSession session) -> Peer.of(session))
                .filter(found -> found.party().kind() == Party.Kind.AGENT)
                .filter(found -> found.until().isAfter(time.now()));
        if (peer.isEmpty()) {
            call.close(
                    Status.UNAUTHENTICATED.withDescription("views need a current certificate of an agent"),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        KeyId key = peer.get().key().id();
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            private boolean refused;

            @Override
            public void onMessage(A message) {
                if (message instanceof OpenViewsRequest request
                        && holder(request).equals(Optional.of(key))) {
                    super.onMessage(message);
                } else {
                    refused = true;
                    call.close(
                            Status.PERMISSION_DENIED.withDescription("the ticket is not this agent's"), new Metadata());
                }
            }

            @Override
            public void onHalfClose() {
                if (!refused) {
                    super.onHalfClose();
                }
            }
        };
    }

    /// The key that the ticket names; empty where it names none.
    private static Optional<KeyId> holder(OpenViewsRequest request) {
        try {
            return Optional.of(TicketStatement.parseFrom(request.getTicket().getStatement())
                            .getAgentKeyId())
                    .filter(id -> id.size() == KeyId.LENGTH)
                    .map(KeyId::new);
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }
}
