package org.picket.coordinator.lease;

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
        return key.seal(
                SealKind.TICKET,
                TicketStatement.newBuilder()
                        .setFence(lease.fence().wire())
                        .setShardId(lease.shard().key().id().value())
                        .setStorageId(lease.terms().storage().value())
                        .setAgentKeyId(lease.agent().key().id().bytes())
                        .build());
    }

    /// The fence in a ticket of this coordinator's; empty where it is none.
    Optional<Fence> open(Sealed ticket) {
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
