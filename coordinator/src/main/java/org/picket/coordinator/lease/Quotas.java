package org.picket.coordinator.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.picket.proto.id.MemberId;
import org.picket.proto.v1.NoLease;
import org.picket.runtime.time.BackOff;

/// How many leases each agent may hold at once: half as many after one that failed, one more for each that it
/// completes, up to the most (additive increase, multiplicative decrease). An agent that breaks what it gets soon
/// holds one at a time.
///
/// An agent that gave back more leases in a row than it may hold, or forgot them, and not an object ruled,
/// waits before the next one, twice as long each time: who is let in by no crawler, ends over each lease, or
/// never means to work, would have grants go round and round.
///
/// Not safe for several threads: guarded by its user.
final class Quotas {
    /// The first wait.
    static final Duration FIRST_WAIT = Duration.ofMillis(250);

    /// Short: a crawler that was away is back for all its agents.
    static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private static final BackOff BACK_OFF = new BackOff(FIRST_WAIT, LONGEST_WAIT);

    private final int most;
    /// Of agents that are not at the most.
    private final Map<MemberId, Integer> fewer = new HashMap<>();

    private final Map<MemberId, Run> fruitless = new HashMap<>();

    /// Leases given back or forgotten in a row.
    private record Run(int leases, Instant until) {}

    Quotas(int most) {
        this.most = most;
    }

    int of(MemberId agent) {
        return fewer.getOrDefault(agent, most);
    }

    /// Why an agent gets no further lease now; empty: it may have one.
    ///
    /// @param held leases that it holds
    Optional<Acquired.None> refusal(MemberId agent, int held, Instant now) {
        Run run = fruitless.getOrDefault(agent, new Run(0, Instant.MIN));
        if (run.until().isAfter(now)) {
            return Optional.of(new Acquired.None(
                    NoLease.Reason.TOO_MANY_LEASES,
                    Duration.between(now, run.until()),
                    "this agent gave its last " + run.leases() + " leases back with nothing done, or forgot them: see"
                            + " whether crawlers let it in, and whether it is started anew again and again"));
        }
        return held < of(agent)
                ? Optional.empty()
                : Optional.of(Acquired.None.because(
                        NoLease.Reason.TOO_MANY_LEASES,
                        "this agent holds as many leases as it may now, which are " + of(agent) + " (at most " + most
                                + "): each that it completes allows one more, one that fails half as many"));
    }

    /// A lease of the agent is over. What was taken back from it, or given back with a good reason, says nothing of
    /// how many it may hold.
    ///
    /// @param ruled whether any of its objects was
    void ended(MemberId agent, LeaseEnd how, boolean ruled, Instant now) {
        int quota = switch (how) {
            case COMPLETE -> Math.min(most, of(agent) + 1);
            case FAILED, EXPIRED, STALLED, ABANDONED -> Math.max(1, of(agent) / 2);
            case GIVEN_BACK, FORGOTTEN, REVOKED, SUPERSEDED, CALLED_OFF -> of(agent);
        };
        if (quota == most) {
            fewer.remove(agent);
        } else {
            fewer.put(agent, quota);
        }
        if (ruled || how == LeaseEnd.COMPLETE) {
            fruitless.remove(agent);
        } else if (how == LeaseEnd.GIVEN_BACK || how == LeaseEnd.FORGOTTEN || how == LeaseEnd.ABANDONED) {
            int leases = fruitless.getOrDefault(agent, new Run(0, now)).leases() + 1;
            fruitless.put(agent, new Run(leases, leases > most ? now.plus(BACK_OFF.whole(leases - most)) : now));
        }
    }
}
