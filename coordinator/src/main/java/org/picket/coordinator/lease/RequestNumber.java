package org.picket.coordinator.lease;

import java.util.Comparator;

/// One agent's request for work among all of it, in the order in which they were sent.
///
/// @param process of the agent: one that began later has a higher number
/// @param number among those of that process; 0: it does not count them
record RequestNumber(long process, long number) implements Comparable<RequestNumber> {
    private static final Comparator<RequestNumber> ORDER =
            Comparator.comparingLong(RequestNumber::process).thenComparingLong(RequestNumber::number);

    @Override
    public int compareTo(RequestNumber other) {
        return ORDER.compare(this, other);
    }
}
