package org.picket.coordinator.lease;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.picket.coordinator.feed.Pace;

/// Whether the end of a listing waits for a lease of a slow agent. Pure.
///
/// What a slow one holds is taken back where a fast one, which has nothing to do, would be done with it much
/// sooner.
final class StragglerRules {
    /// A lease is late if a fast agent would be done with all of it so many times sooner.
    private static final double LATE = 2;

    /// What taking a lease back must at least gain: what its agent has not reported is done again.
    private static final Duration GRACE = Duration.ofSeconds(5);

    private StragglerRules() {}

    /// A lease under way.
    ///
    /// @param left objects that are not ruled
    /// @param ahead objects that its agent has not scored, of all its leases
    /// @param still for how long nothing of it was reported
    record Under(int left, long ahead, Pace agent, Duration still) {}

    /// How much sooner all that is not reported would be done, if it is late.
    ///
    /// @param fastest pace of an agent that has nothing to do
    /// @param reports how often an agent that works says so, at least
    static Optional<Duration> late(Under under, double fastest, Duration reports) {
        if (!(fastest > 0)) {
            return Optional.empty();
        }
        Duration limit = Pace.time(LATE * under.left(), fastest).plus(GRACE);
        boolean tells = under.agent().known() && !under.agent().fast(fastest);
        Duration silent = under.still().minus(reports);
        Duration expected = tells ? expected(under, silent) : silent;
        return expected.compareTo(limit) > 0 ? Optional.of(expected.minus(limit)) : Optional.empty();
    }

    /// Of an agent of known pace: the longest of what its word says, of what its pace leaves for what it has not
    /// reported, and of how long it is over the time in which it should have reported all of it. Its word alone
    /// would have it keep a lease that it says is as good as done.
    private static Duration expected(Under under, Duration silent) {
        double pace = under.agent().objectsPerSecond();
        Duration own = Pace.time(under.left(), pace);
        return Stream.of(Pace.time(under.ahead(), pace), own.minus(under.still()), silent.minus(own))
                .max(Comparator.naturalOrder())
                .orElse(own);
    }
}
