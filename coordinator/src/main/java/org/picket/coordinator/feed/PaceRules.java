package org.picket.coordinator.feed;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.stream.DoubleStream;

/// For how long the last shards of a listing are kept from a slow agent. Pure.
///
/// What is left is given to a slow agent only where it would be done with it no later than proven fast ones are
/// with all of it. Nobody waits without end: a shard is kept no longer than the slow agent itself would take
/// for it, so that at worst it is done in twice that time (J. Karlin, M. Manasse, L. Rudolph, D. Sleator,
/// "Competitive Snoopy Caching", 1988, on renting or buying); nor for longer than twice the time in which the
/// fast ones would be done with everything: then they are busy with something else.
final class PaceRules {
    /// What keeping a shard must at least gain: less is not worth a detour.
    private static final Duration GRACE = Duration.ofSeconds(2);

    private PaceRules() {}

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
                .filter(pace -> pace.fast(fastest))
                .mapToDouble(Pace::objectsPerSecond)
                .sum();
        return together > 0 ? new Rest(fastest, together, leased) : Rest.NONE;
    }

    /// The middle one of those that are known, of two the higher; 0: none is.
    static double median(DoubleStream paces) {
        double[] known = paces.filter(pace -> pace > 0).sorted().toArray();
        return known.length == 0 ? 0 : known[known.length / 2];
    }

    /// For how long one of the last shards of a listing is kept for others.
    ///
    /// @param objects of the shard
    /// @param left of the listing that nobody has yet, the shard's among them
    /// @param longest that anything is kept
    /// @return zero: it may have it now
    static Duration kept(Pace agent, int objects, long left, Rest rest, Duration longest) {
        if (rest.together() <= 0 || agent.fast(rest.fastest())) {
            return Duration.ZERO;
        }
        Duration others = Pace.time(left + rest.leased(), rest.together());
        Duration own = agent.known() ? Pace.time(objects, agent.objectsPerSecond()) : longest;
        return own.compareTo(others.plus(GRACE)) <= 0
                ? Duration.ZERO
                : least(least(own, longest), others.multipliedBy(2).plus(GRACE));
    }

    /// For how long a shard that failed before is kept for proven agents: who breaks what it gets says less
    /// about what is wrong with it.
    static Duration keptForProven(Pace agent, Rest rest, Duration longest) {
        return agent.proven() || rest.together() <= 0 ? Duration.ZERO : longest;
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
