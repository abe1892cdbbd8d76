package org.picket.crawler.supply;

import io.grpc.Status;
import java.util.Objects;
import java.util.Optional;
import org.picket.proto.circle.Applicant;
import org.picket.proto.circle.Circle;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.KeyId;
import org.picket.proto.seal.Opened;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.proto.v1.TicketStatement;

/// Who is let in to see a storage's pictures: agents of its circle, whatever the coordinator grants. That an agent
/// is of an operator or a region, the coordinator's ticket says; which key it has, its certificate showed. Pure.
///
/// @param circle whom this site accepts
/// @param site the name by which the site answers for its own agents; empty: not told, and no agent is its own
/// @param coordinator whose tickets count; asked only where the circle leaves somebody out
public record Door(Circle circle, String site, Optional<VerifyingKey> coordinator) {
    /// Lets everybody in whom the coordinator grants a lease.
    public static final Door OPEN = new Door(Circle.EVERYONE, "", Optional.empty());

    public Door {
        Objects.requireNonNull(circle);
        Objects.requireNonNull(site);
        Objects.requireNonNull(coordinator);
    }

    /// Why the ticket's agent is not let in; empty: it is.
    ///
    /// @param request of the agent whose key the ticket names
    Optional<Status> refusal(OpenViewsRequest request) {
        if (circle.everyone()) {
            return Optional.empty();
        }
        Opened<TicketStatement> opened = Opened.open(
                SealKind.TICKET,
                request.getTicket(),
                TicketStatement.parser(),
                id -> coordinator.filter(key -> key.id().equals(id)),
                Limits.STATEMENT_BYTES);
        return switch (opened) {
            case Opened.Invalid<TicketStatement> _ -> refused("this is no ticket of the coordinator's");
            case Opened.Valid<TicketStatement>(TicketStatement ticket, var _) ->
                accepts(ticket) ? Optional.empty() : refused("the agent is not of this storage's circle");
        };
    }

    private boolean accepts(TicketStatement ticket) {
        if (ticket.getAgentKeyId().size() != KeyId.LENGTH) {
            return false;
        }
        boolean own = !site.isEmpty() && ticket.getAgentOperator().equals(site);
        return circle.accepts(
                new Applicant(ticket.getAgentOperator(), ticket.getAgentRegion(), new KeyId(ticket.getAgentKeyId())),
                own);
    }

    private static Optional<Status> refused(String why) {
        return Optional.of(Status.PERMISSION_DENIED.withDescription(why));
    }
}
