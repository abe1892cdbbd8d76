package org.picket.coordinator.share;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.fleet.OwnerId;

class LaneTurnsTest {
    private static final int MOST_OBJECTS = 512;

    private final LaneTurns turns = new LaneTurns();
    private final Turns<Lane> lanes = new Turns<>();
    private final Random random = new Random(7);
    private final Map<Lane, Long> byLane = new EnumMap<>(Lane.class);
    private final Map<Waiting, Long> got = new HashMap<>();

    private record Waiting(Lane lane, OwnerId site, double weight) {}

    private static Waiting waiting(Lane lane, long site, double weight) {
        return new Waiting(lane, new OwnerId(site), weight);
    }

    private void serve(List<Waiting> waiting, int leases) {
        for (int i = 0; i < leases; i++) {
            Waiting next =
                    turns.order(lanes, waiting, Waiting::lane, Waiting::site).getFirst();
            int objects = 1 + random.nextInt(MOST_OBJECTS);
            turns.served(lanes, next.lane(), next.site(), objects, next.weight());
            byLane.merge(next.lane(), (long) objects, Long::sum);
            got.merge(next, (long) objects, Long::sum);
        }
    }

    private double share(Lane lane) {
        double all = byLane.values().stream().mapToLong(Long::longValue).sum();
        return byLane.getOrDefault(lane, 0L) / all;
    }

    @Test
    void eachLaneHasItsShareWhateverItsSitesWeigh() {
        serve(List.of(waiting(Lane.FRESH, 1, 0.1), waiting(Lane.BULK, 2, 1.1), waiting(Lane.BULK, 3, 1.1)), 2_000);
        assertEquals(Lane.FRESH.share(), share(Lane.FRESH), 0.01);
        assertEquals(1, Lane.FRESH.share() + Lane.BULK.share(), 1e-9);
    }

    @Test
    void laneWithoutWorkLeavesAllToTheOtherAndGetsNothingForIt() {
        List<Waiting> bulk = List.of(waiting(Lane.BULK, 2, 1));
        serve(bulk, 500);
        assertEquals(1, share(Lane.BULK), 0);
        byLane.clear();
        List<Waiting> both = new ArrayList<>(bulk);
        both.add(waiting(Lane.FRESH, 1, 1));
        assertEquals(
                Lane.FRESH,
                turns.order(lanes, both, Waiting::lane, Waiting::site)
                        .getFirst()
                        .lane(),
                "at once");
        serve(both, 1_000);
        assertEquals(Lane.FRESH.share(), share(Lane.FRESH), 0.02);
    }

    @Test
    void sharesOfSitesInALaneAreTheirWeightsWhateverTheOtherLaneDoes() {
        Waiting light = waiting(Lane.BULK, 1, 0.1);
        Waiting heavy = waiting(Lane.BULK, 2, 0.4);
        serve(List.of(light, heavy, waiting(Lane.FRESH, 2, 0.4), waiting(Lane.FRESH, 3, 0.1)), 4_000);
        assertEquals(4, (double) got.get(heavy) / got.get(light), 0.1);
    }

    /// As where circles or bundles differ: nine of ten grants are to agents that may do nothing but one bulk listing.
    @Test
    void agentThatMayServeBothLanesDoesSoWhateverOthersDoInOne() {
        Waiting elsewhere = waiting(Lane.BULK, 3, 1);
        Waiting bulk = waiting(Lane.BULK, 2, 1);
        List<Waiting> both = List.of(waiting(Lane.FRESH, 1, 1), bulk);
        Turns<Lane> others = new Turns<>();
        for (int i = 0; i < 1_000; i++) {
            for (int j = 0; j < 9; j++) {
                turns.order(others, List.of(elsewhere), Waiting::lane, Waiting::site);
                turns.served(others, Lane.BULK, elsewhere.site(), MOST_OBJECTS, 1);
            }
            serve(both, 1);
        }
        assertEquals(Lane.FRESH.share(), share(Lane.FRESH), 0.02);
    }

    @Test
    void listingIsFreshWhereItIsRecentOrSmall() {
        Optional<Duration> all = Optional.empty();
        assertEquals(Lane.FRESH, Lane.of(Optional.of(Lane.RECENT), false, 1_000_000));
        assertEquals(Lane.FRESH, Lane.of(all, true, Lane.SMALL));
        assertEquals(Lane.BULK, Lane.of(all, false, 100), "nobody knows yet how large it is");
        assertEquals(Lane.BULK, Lane.of(all, true, Lane.SMALL + 1));
        Optional<Duration> years = Optional.of(Duration.ofDays(3_650));
        assertEquals(Lane.BULK, Lane.of(years, true, Lane.SMALL + 1));
        assertEquals(Lane.FRESH, Lane.of(years, true, Lane.SMALL), "it is small");
        assertEquals(Lane.BULK, Lane.of(Optional.of(Lane.RECENT.plusMillis(1)), false, 100));
    }
}
