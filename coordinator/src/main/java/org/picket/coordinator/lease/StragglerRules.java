package org.picket.coordinator.lease;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/// Whether the end of a listing waits for a slow agent. Pure.
///
/// What is left is given to a slow agent only where it would be done with it no later than proven fast ones are with
/// all of it; what a slow one holds already is taken back where a fast one, which has nothing to do, would be done
/// with it much sooner. Nobody waits without end: a shard is kept no longer than the slow agent itself would take for
/// it, so that at worst it is done in twice that time (J. Karlin, M. Manasse, L. Rudolph, D. Sleator, "Competitive
/// Snoopy Caching", 1988, on renting or buying); nor for longer than twice the time in which the fast ones would be
/// done with everything: then they are busy with something else.
final class StragglerRules {
    /// Of the fastest one's pace: who has so much is fast, too.
    static final double FAST = 0.5;

    /// A lease is late if a fast agent would be done with all of it so many times sooner.
    static final double LATE = 2;

    /// What keeping a shard must at least gain: less is not worth a detour.
    static final Duration GRACE = Duration.ofSeconds(2);

    /// What taking a lease back must at least gain: what its agent has not reported is done again.
    static final Duration LATE_GRACE = Duration.ofSeconds(5);

    private static final double NANOS = 1e9;
    private static final double LONGEST_SECONDS = Duration.ofDays(1).toSeconds();

    private StragglerRules() {}

    /// How an agent works.
    ///
    /// @param objectsPerSecond ruled by its reports, of late; 0 while unknown
    /// @param proven whether it has completed a lease since one of its failed
    record Pace(double objectsPerSecond, boolean proven) {
        /// Of whom nothing is known.
        static final Pace UNKNOWN = new Pace(0, false);

        boolean known() {
            return objectsPerSecond > 0;
        }
    }

    /// What proven fast agents could do, that are there and may work on a listing.
    ///
    /// @param fastest its pace, in objects/s; 0: there is none
    /// @param together the pace of all of them
    /// @param leased objects of the listing that are under way
    record Rest(double fastest, double together, long leased) {
        /// Nobody is proven.
        static final Rest NONE = new Rest(0, 0, 0);
    }

    /// @param present of all that are there and may work on the listing
    static Rest rest(Collection<Pace> present, long leased) {
        double fastest = present.stream()
                .filter(Pace::proven)
                .map(Pace::objectsPerSecond)
                .max(Comparator.naturalOrder())
                .orElse(0.0);
        double together = present.stream()
                .filter(pace -> fast(pace, fastest))
                .mapToDouble(Pace::objectsPerSecond)
                .sum();
        return together > 0 ? new Rest(fastest, together, leased) : Rest.NONE;
    }

    /// The middle one of those that are known, of two the higher; 0: none is.
    static double median(DoubleStream paces) {
        double[] known = paces.filter(pace -> pace > 0).sorted().toArray();
        return known.length == 0 ? 0 : known[known.length / 2];
    }

    static boolean fast(Pace pace, double fastest) {
        return pace.proven() && pace.known() && pace.objectsPerSecond() >= fastest * FAST;
    }

    /// For how long one of the last shards of a listing is kept for others.
    ///
    /// @param objects of the shard
    /// @param left of the listing that nobody has yet, the shard's among them
    /// @param longest that anything is kept
    /// @return zero: it may have it now
    static Duration kept(Pace agent, int objects, long left, Rest rest, Duration longest) {
        if (rest.together() <= 0 || fast(agent, rest.fastest())) {
            return Duration.ZERO;
        }
        Duration others = seconds((left + rest.leased()) / rest.together());
        Duration own = agent.known() ? seconds(objects / agent.objectsPerSecond()) : longest;
        return own.compareTo(others.plus(GRACE)) <= 0
                ? Duration.ZERO
                : least(least(own, longest), others.multipliedBy(2).plus(GRACE));
    }

    /// For how long a shard that failed before is kept for proven agents: who breaks what it gets says less about
    /// what is wrong with it.
    static Duration keptForProven(Pace agent, Rest rest, Duration longest) {
        return agent.proven() || rest.together() <= 0 ? Duration.ZERO : longest;
    }

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
        Duration limit = seconds(LATE * under.left() / fastest).plus(LATE_GRACE);
        boolean tells = under.agent().known() && !fast(under.agent(), fastest);
        Duration silent = under.still().minus(reports);
        Duration expected = tells ? expected(under, silent) : silent;
        return expected.compareTo(limit) > 0 ? Optional.of(expected.minus(limit)) : Optional.empty();
    }

    /// Of an agent of known pace: the longest of what its word says, of what its pace leaves for what it has not
    /// reported, and of how long it is over the time in which it should have reported all of it. Its word alone
    /// would have it keep a lease that it says is as good as done.
    private static Duration expected(Under under, Duration silent) {
        double pace = under.agent().objectsPerSecond();
        Duration own = seconds(under.left() / pace);
        return Stream.of(seconds(under.ahead() / pace), own.minus(under.still()), silent.minus(own))
                .max(Comparator.naturalOrder())
                .orElse(own);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (Math.min(seconds, LONGEST_SECONDS) * NANOS));
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
