package org.picket.coordinator.lease;

import com.google.protobuf.ByteString;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.picket.proto.id.LeaseId;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.AcquireRequest;

/// All leases that an agent holds, by its own word, as it asks for work.
///
/// It sends a request once it has the answer to the one before, or waits for it no more, and never takes up a
/// lease that it has let go of. So what an earlier request brought is among these, or it will never work on
/// it: its process ended, the answer was lost, or the lease is over there and the coordinator could not be
/// told. What this request brings, where it arrives twice, or a later one, which may overtake it, is not
/// concerned.
///
/// @param request by which it says so
/// @param leases of all coordinators
record Holdings(RequestNumber request, Set<LeaseId> leases) {
    Holdings {
        leases = Set.copyOf(leases);
    }

    /// What a request says.
    ///
    /// @param process that sends it; empty: it does not say, and so is not believed, for another process may
    /// hold others
    /// @return empty: nothing
    /// @throws IllegalArgumentException where it breaks the contract, saying how
    static Optional<Holdings> read(AcquireRequest request, OptionalLong process) {
        if (!request.hasHoldings()) {
            return Optional.empty();
        }
        org.picket.proto.v1.Holdings said = request.getHoldings();
        if (said.getRequest() <= 0) {
            throw new IllegalArgumentException("an agent that says what it holds counts its requests from 1");
        }
        if (said.getLeaseIdsCount() > Limits.HELD_LEASES) {
            throw new IllegalArgumentException("an agent holds at most " + Limits.HELD_LEASES + " leases");
        }
        Set<LeaseId> leases = new HashSet<>();
        for (ByteString id : said.getLeaseIdsList()) {
            leases.add(LeaseId.of(id));
        }
        return process.isPresent()
                ? Optional.of(new Holdings(new RequestNumber(process.getAsLong(), said.getRequest()), leases))
                : Optional.empty();
    }

    /// Whether the agent knows nothing of a lease of its own, and never will.
    ///
    /// @param grantedTo the request that it was granted to, as far as that was told
    boolean forget(LeaseId lease, Optional<RequestNumber> grantedTo) {
        return grantedTo.filter(earlier -> earlier.compareTo(request) < 0).isPresent() && !leases.contains(lease);
    }
}
