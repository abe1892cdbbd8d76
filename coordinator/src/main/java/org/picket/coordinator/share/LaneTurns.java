package org.picket.coordinator.share;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.picket.coordinator.fleet.OwnerId;

/// Whose turn it is: lanes by their reserved shares, and in each lane sites by their weights. So in each lane shares of
/// sites follow the weights as if it were the only one.
///
/// Each agent has turns of lanes of its own: which of them it may serve depends on circles and bundles, and what others
/// do in one lane, because it is all that they may serve, takes nothing from that lane's share of its work.
///
/// Not safe for several threads: guarded by its user.
public final class LaneTurns {
    private final Map<Lane, Turns<OwnerId>> sites = new EnumMap<>(Lane.class);

    public LaneTurns() {
        for (Lane lane : Lane.values()) {
            sites.put(lane, new Turns<>());
        }
    }

    /// What waits, in the order in which it is to be served; of one lane and site in the order in which it came.
    ///
    /// @param lanes the turns that the asking agent has served
    public <T> List<T> order(
            Turns<Lane> lanes, Collection<T> waiting, Function<T, Lane> lane, Function<T, OwnerId> site) {
        Map<Lane, Map<OwnerId, List<T>>> by = new EnumMap<>(Lane.class);
        waiting.forEach(each -> by.computeIfAbsent(lane.apply(each), _ -> new LinkedHashMap<>())
                .computeIfAbsent(site.apply(each), _ -> new ArrayList<>())
                .add(each));
        return lanes.order(by.keySet()).stream()
                .flatMap(one -> inLane(one, by.get(one)))
                .toList();
    }

    private <T> Stream<T> inLane(Lane lane, Map<OwnerId, List<T>> waiting) {
        return sites.get(lane).order(waiting.keySet()).stream().flatMap(site -> waiting.get(site).stream());
    }

    /// Something of a site was served.
    ///
    /// @param lanes the turns that the agent which serves it has served
    /// @param objects of the lease that it got
    /// @param weight of the site, positive
    public void served(Turns<Lane> lanes, Lane lane, OwnerId site, int objects, double weight) {
        lanes.served(lane, objects, lane.share());
        sites.get(lane).served(site, objects, weight);
    }
}
