package org.picket.coordinator.relay;

import io.grpc.Status;
import java.util.Optional;
import java.util.function.Predicate;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.lease.Lease;
import org.picket.coordinator.lease.Leases;
import org.picket.coordinator.lease.Tickets;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.Sealed;

/// By the leases that live, from memory.
///
/// @param tickets what was issued
/// @param leases for which
public record LeaseAdmission(Tickets tickets, Leases leases) implements Admission {
    @Override
    public Answer agent(Sealed ticket, Member caller) {
        return answer(ticket, lease -> lease.agent().id().equals(caller.id()), "the ticket is not this agent's");
    }

    @Override
    public Answer crawler(Sealed ticket, Member caller) {
        return answer(
                ticket,
                lease -> lease.terms().owner().equals(caller.owner()),
                "the lease is of another site's storage");
    }

    @Override
    public void attended(StorageId storage) {
        leases.heardOf(storage);
    }

    private Answer answer(Sealed ticket, Predicate<Lease> whose, String not) {
        Optional<Lease> lease = tickets.find(ticket, leases);
        if (lease.isEmpty()) {
            return new Answer.Refused(
                    tickets.genuine(ticket)
                            ? Status.FAILED_PRECONDITION.withDescription("the lease is no longer current")
                            : Status.PERMISSION_DENIED.withDescription("not a ticket of this coordinator"));
        }
        Lease found = lease.get();
        return whose.test(found)
                ? new Answer.Admitted(
                        found.fence().lease(),
                        found.terms().storage(),
                        found.terms().owner(),
                        () -> found.end().isPresent())
                : new Answer.Refused(Status.PERMISSION_DENIED.withDescription(not));
    }
}
