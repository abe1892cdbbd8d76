package org.picket.coordinator.share;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.fleet.OwnerId;

class TurnsTest {
    private static final int MOST_OBJECTS = 512;

    private final Turns<OwnerId> turns = new Turns<>();

    @Test
    void sharesFollowTheWeights() {
        Map<OwnerId, Double> weights = Map.of(new OwnerId(1), 0.1, new OwnerId(2), 0.3, new OwnerId(3), 1.1);
        Map<OwnerId, Long> got = serve(weights, 3_000);
        double all = got.values().stream().mapToLong(Long::longValue).sum();
        weights.forEach((site, weight) -> assertEquals(weight / 1.5, got.get(site) / all, 0.01, site.toString()));
    }

    @Test
    void noSiteEverWaitsForMoreThanItsShareAndOneLease() {
        Map<OwnerId, Double> weights = Map.of(new OwnerId(1), 1.0, new OwnerId(2), 1.0);
        Random random = new Random(3);
        long behind = 0;
        for (int i = 0; i < 2_000; i++) {
            int objects = 1 + random.nextInt(MOST_OBJECTS);
            OwnerId site = turns.order(weights.keySet()).getFirst();
            turns.served(site, objects, 1);
            behind += site.value() == 1 ? objects : -objects;
            assertTrue(Math.abs(behind) <= MOST_OBJECTS, "one is " + behind + " objects ahead");
        }
    }

    @Test
    void newcomerIsNextAndIsGivenNothingForTheTimeBefore() {
        OwnerId huge = new OwnerId(1);
        OwnerId small = new OwnerId(2);
        for (int i = 0; i < 100; i++) {
            turns.served(huge, MOST_OBJECTS, 1);
        }
        assertEquals(List.of(small, huge), turns.order(List.of(huge, small)));
        Map<OwnerId, Long> got = serve(Map.of(huge, 1.0, small, 1.0), 200);
        assertEquals(got.get(huge), got.get(small), 2 * MOST_OBJECTS);
    }

    @Test
    void whoWasAwayComesBackWhereTheOthersAre() {
        OwnerId one = new OwnerId(1);
        OwnerId other = new OwnerId(2);
        serve(Map.of(one, 1.0, other, 1.0), 10);
        serve(Map.of(one, 1.0), 100);
        Map<OwnerId, Long> got = serve(Map.of(one, 1.0, other, 1.0), 200);
        assertEquals(got.get(one), got.get(other), 2 * MOST_OBJECTS);
    }

    @Test
    void weightOfNothingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> turns.served(new OwnerId(1), 1, 0));
    }

    /// Serves whoever is next, with leases of 64 or 512 objects by turns of their own.
    private Map<OwnerId, Long> serve(Map<OwnerId, Double> weights, int times) {
        Map<OwnerId, Long> got = new HashMap<>();
        Random random = new Random(7);
        for (int i = 0; i < times; i++) {
            OwnerId site = turns.order(Set.copyOf(weights.keySet())).getFirst();
            int objects = random.nextBoolean() ? 64 : MOST_OBJECTS;
            turns.served(site, objects, weights.get(site));
            got.merge(site, (long) objects, Long::sum);
        }
        return got;
    }
}
