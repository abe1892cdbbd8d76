package org.picket.coordinator.lease;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Optional;
import org.picket.coordinator.shard.Fence;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Opened;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.TicketStatement;

/// Makes and reads tickets: what an agent shows a crawler. They name no key.
public final class Tickets {
    private final SigningKey key;

    /// @param key the coordinator's own
    public Tickets(SigningKey key) {
        this.key = key;
    }

    Sealed issue(Lease lease) {
        Sealed ticket = key.seal(
                SealKind.TICKET,
                TicketStatement.newBuilder()
                        .setFence(lease.fence().wire())
                        .setShardId(lease.shard().key().id().value())
                        .setStorageId(lease.terms().storage().value())
                        .setAgentKeyId(lease.agent().key().id().bytes())
                        .setAgentOperator(lease.agent().home().owner())
                        .setAgentRegion(lease.agent().home().region())
                        .build());
        lease.issued(ticket);
        return ticket;
    }

    /// The lease that a ticket was issued for, where it lives; the ticket is not believed but compared.
    public Optional<Lease> find(Sealed ticket, Leases leases) {
        try {
            return Fence.of(TicketStatement.parseFrom(ticket.getStatement()).getFence())
                    .flatMap(leases::find)
                    .filter(lease -> lease.issuedAs(ticket));
        } catch (InvalidProtocolBufferException _) {
            return Optional.empty();
        }
    }

    /// Whether it is a ticket of this coordinator at all.
    public boolean genuine(Sealed ticket) {
        return open(ticket).isPresent();
    }

    /// The fence in a ticket of this coordinator's; empty where it is none.
    private Optional<Fence> open(Sealed ticket) {
        Opened<TicketStatement> opened = Opened.open(
                SealKind.TICKET,
                ticket,
                TicketStatement.parser(),
                id -> Optional.of(key.verifyingKey()).filter(own -> own.id().equals(id)),
                Limits.STATEMENT_BYTES);
        return switch (opened) {
            case Opened.Invalid<TicketStatement> _ -> Optional.empty();
            case Opened.Valid<TicketStatement>(TicketStatement statement, var _) -> Fence.of(statement.getFence());
        };
    }
}
