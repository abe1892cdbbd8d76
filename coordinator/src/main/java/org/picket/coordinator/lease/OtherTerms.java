package org.picket.coordinator.lease;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Map;
import java.util.Optional;
import org.picket.coordinator.shard.Fence;

/// The living terms of other coordinators on the same database. What a lease was supplied with is in the
/// memory of the coordinator that granted it, so another one can neither keep it nor take its verdict: it says
/// where to go.
///
/// Safe for any number of threads.
public final class OtherTerms {
    private volatile Map<Long, String> addresses = Map.of();

    /// Takes note of those that live, and where their coordinators are reached.
    void replace(Map<Long, String> others) {
        addresses = Map.copyOf(others);
    }

    /// How many live.
    int count() {
        return addresses.size();
    }

    /// Why a call about a lease is not answered here; empty: no other coordinator keeps it.
    public Optional<StatusRuntimeException> elsewhere(Fence fence) {
        return Optional.ofNullable(addresses.get(fence.term()))
                .map(address -> Status.UNAVAILABLE
                        .withDescription("this lease is kept by the coordinator that granted it"
                                + (address.isEmpty() ? "" : ", at " + address) + "; call it there")
                        .asRuntimeException());
    }

    /// Throws where another coordinator keeps the lease.
    public void requireNotElsewhere(Optional<Fence> fence) {
        fence.flatMap(this::elsewhere).ifPresent(status -> {
            throw status;
        });
    }
}
