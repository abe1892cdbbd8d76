package org.picket.coordinator.lease;

import java.util.HashMap;
import java.util.Map;
import org.picket.proto.id.MemberId;

/// How many leases each agent may hold at once: half as many after one that failed, one more for each that it
/// completes, up to the most (additive increase, multiplicative decrease). An agent that breaks what it gets soon
/// holds one at a time.
///
/// Not safe for several threads: guarded by its user.
final class Quotas {
    private final int most;
    /// Of agents that are not at the most.
    private final Map<MemberId, Integer> fewer = new HashMap<>();

    Quotas(int most) {
        this.most = most;
    }

    int of(MemberId agent) {
        return fewer.getOrDefault(agent, most);
    }

    /// A lease of the agent is over. What was taken back from it, or given back with a good reason, says nothing.
    void ended(MemberId agent, LeaseEnd how) {
        int quota = switch (how) {
            case COMPLETE -> Math.min(most, of(agent) + 1);
            case FAILED, EXPIRED, STALLED -> Math.max(1, of(agent) / 2);
            case GIVEN_BACK, REVOKED, SUPERSEDED -> of(agent);
        };
        if (quota == most) {
            fewer.remove(agent);
        } else {
            fewer.put(agent, quota);
        }
    }
}
