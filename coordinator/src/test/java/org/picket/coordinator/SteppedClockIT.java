package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.listing.ListingState;
import org.picket.proto.v1.Grant;

/// The database's clock is set ahead, as after a fail-over to a server whose clock is: no time has passed.
class SteppedClockIT extends ScannedStorage {
    private static final Duration STEP = Collective.TTL.multipliedBy(100);

    @Test
    void leasesLiveOnAndNobodyIsBlamed() {
        fill(60);
        long listing = crawler.list();
        FakeAgent agent = collective.agent(1);
        Grant grant = agent.lease();
        collective.time.pass(Duration.ofSeconds(7));
        collective.time.step(STEP);
        collective.coordinator.sweep();
        assertEquals(1, collective.coordinator.leases().size());
        assertTrue(agent.beat(grant, 0).hasTtl());
        for (FakeCrawler.Segment segment : crawler.supply(grant)) {
            assertTrue(agent.report(agent.verdict(grant, segment)).hasAccepted());
        }
        assertEquals(ListingState.COMPLETE, listing(listing).state());
    }

    @Test
    void leaseOfAnAgentThatIsGoneEndsInItsTime() {
        fill(60);
        crawler.list();
        collective.agent(1).lease();
        collective.time.step(STEP);
        collective.time.pass(Collective.TTL.minusSeconds(1));
        collective.coordinator.sweep();
        assertEquals(1, collective.coordinator.leases().size());
        collective.time.pass(Duration.ofSeconds(1));
        collective.coordinator.sweep();
        assertEquals(0, collective.coordinator.leases().size());
    }

    @Test
    void howOldALeaseIsIsToldRight() {
        fill(60);
        crawler.list();
        collective.agent(1).lease();
        collective.time.pass(Duration.ofSeconds(7));
        collective.time.step(STEP);
        assertEquals(
                Duration.ofSeconds(7),
                collective
                        .coordinator
                        .leases()
                        .overview()
                        .leases()
                        .getFirst()
                        .times()
                        .age());
    }
}
