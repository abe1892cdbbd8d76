package org.picket.coordinator.share;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Stride scheduling (C. Waldspurger, W. Weihl, "Stride Scheduling", MIT, 1995), of sites or of lanes: each site has a
/// pass, which a grant moves on by its objects over the site's weight, and the site with the lowest pass is next. So
/// shares follow the weights, over any stretch of time to within one lease, however large the sites are.
///
/// A site that was away comes in at the pass of those that are there: it gets its turn at once, and nothing for the
/// time that it did not ask.
///
/// Not safe for several threads: guarded by its user.
///
/// @param <K> what takes turns
public final class Turns<K> {
    /// Beyond so many, sites that are behind the others are forgotten, which changes nothing for them.
    private static final int MANY = 1_024;

    private final Map<K, Double> passes = new HashMap<>();
    /// The pass of the site that was served last: nobody who has work waits behind it.
    private double present;

    /// Sites in the order in which they are to be served.
    public List<K> order(Collection<K> sites) {
        return sites.stream().sorted(Comparator.comparingDouble(this::pass)).toList();
    }

    /// A site was served.
    ///
    /// @param objects of the lease that it got
    /// @param weight positive
    public void served(K site, int objects, double weight) {
        if (!(weight > 0)) {
            throw new IllegalArgumentException("a weight is positive, not " + weight);
        }
        present = pass(site);
        passes.put(site, present + objects / weight);
        if (passes.size() > MANY) {
            passes.values().removeIf(pass -> pass <= present);
        }
    }

    private double pass(K site) {
        return Math.max(present, passes.getOrDefault(site, present));
    }
}
