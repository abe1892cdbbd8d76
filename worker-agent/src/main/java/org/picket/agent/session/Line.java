package org.picket.agent.session;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A bundle that this agent can run, and by what means at each coordinator.
///
/// @param leases of it under way; [#ENDED] once it takes none
record Line(LeaseLoop.Skill skill, List<LeaseRun.Means> means, AtomicInteger leases) {
    private static final int ENDED = -1;

    Line(LeaseLoop.Skill skill, List<LeaseRun.Means> means) {
        this(skill, List.copyOf(means), new AtomicInteger());
    }

    /// Begins a lease, unless it takes none.
    boolean begin() {
        return leases.getAndUpdate(under -> under == ENDED ? ENDED : under + 1) != ENDED;
    }

    /// Takes none from now on, unless one is under way.
    boolean end() {
        return leases.compareAndSet(0, ENDED);
    }
}
