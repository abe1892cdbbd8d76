package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.listing.ListingState;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.Grant;

/// An agent that fails whatever it gets, beside a sound one.
class SickAgentIT extends ScannedStorage {
    private static final int MOST_ROUNDS = 500;
    /// Half as many leases after each: one is left of up to sixteen.
    private static final int ENOUGH = 4;

    @Test
    void itSoonHoldsOneLeaseAtATimeAndSpoilsNothing() {
        fill(600);
        long listing = crawler.list();
        FakeAgent sick = collective.agent(2);
        FakeAgent sound = collective.agent(1);
        int failed = failAll(sick);
        assertTrue(failed > 1, "it is known to be sick before it failed");
        for (int round = 0; listing(listing).state() != ListingState.COMPLETE; round++) {
            assertTrue(round < MOST_ROUNDS, "the listing is never complete");
            int held = failAll(sick);
            assertTrue(held <= 1 || failed < ENOUGH, "it holds " + held + " leases at once after " + failed);
            failed += held;
            sound.acquire()
                    .ifPresent(grant -> crawler.supply(grant)
                            .forEach(segment -> assertTrue(
                                    sound.report(sound.verdict(grant, segment)).hasAccepted())));
            collective.time.pass(Duration.ofSeconds(10));
        }
        assertTrue(failed > ENOUGH, "it failed at " + failed + " leases only");
        assertEquals(0, listing(listing).counts().inconclusive());
        assertEquals(600, listing(listing).counts().cleared());
    }

    /// @return leases that it held at once
    private int failAll(FakeAgent sick) {
        List<Grant> held = new ArrayList<>();
        for (Optional<Grant> grant = sick.acquire(); grant.isPresent(); grant = sick.acquire()) {
            held.add(grant.get());
        }
        for (Grant grant : held) {
            crawler.supply(grant);
            sick.giveBack(grant, GiveBackRequest.Reason.INFERENCE_FAILED);
        }
        return held.size();
    }
}
