package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.LeaseLost;
import org.picket.proto.v1.NoLease;

/// Two coordinators on one database: whether each lives, and knows it.
class NeighbourLifeIT extends TwoCoordinators {
    private static final long LOOK_NANOS = 5_000_000;

    @Test
    void ofTwoOfOneNameTheLaterGoesOnAndTheEarlierKnows() {
        fill(600);
        crawler.list();
        FakeAgent here = collective.agent(1);
        assertTrue(here.acquire().isPresent());
        try (Collective namesake = new Collective(collective, "test")) {
            pass(BEAT);
            assertTrue(done(collective.coordinator));
            assertFalse(done(other.coordinator));
            assertFalse(done(namesake.coordinator));
            assertEquals(NoLease.Reason.DRAINING, here.ask().getNone().getReason());
            namesake.coordinator.follow();
            assertTrue(namesake.agent(1).acquire().isPresent());
        }
    }

    private static boolean done(Coordinator coordinator) {
        return coordinator.replaced().toCompletableFuture().isDone();
    }

    @Test
    void membersAreSentOnWhileTheDatabaseIsOutOfReachAndServedAgainAfterwards() {
        TurnedDoors doors = new TurnedDoors();
        collective.coordinator.watches(doors);
        pass(BEAT);
        collective.coordinator.watch();
        assertTrue(doors.open);
        passWithoutTheFirst(Collective.TTL.dividedBy(2));
        collective.coordinator.watch();
        assertFalse(doors.open, "it may be taken for dead soon, and serves members");
        pass(BEAT);
        collective.coordinator.watch();
        assertTrue(doors.open);
        // With nobody who could go on without it, it stays: leases live on in memory.
        passAlone();
        collective.time.pass(Collective.TTL);
        collective.coordinator.watch();
        assertTrue(doors.open);
        other.restart();
    }

    /// The other one ends, and the first one hears of it.
    private void passAlone() {
        other.close();
        collective.time.pass(BEAT);
        collective.coordinator.follow();
    }

    private static final class TurnedDoors implements Doors {
        private boolean open;

        @Override
        public void open() {
            open = true;
        }

        @Override
        public void close() {
            open = false;
        }
    }

    @Test
    void signOfLifeWaitsForNoSweepAndNoReading() {
        Instant before = collective.time.now();
        try (Collective busy = new Collective(collective, "busy", Duration.ofMillis(10))) {
            database.useTransaction(handle -> {
                // All that sweeps and reads what others did stops here.
                handle.execute("lock table listing in access exclusive mode");
                collective.time.pass(BEAT);
                assertTrue(within(Duration.ofSeconds(10), () -> seen("busy").isAfter(before)), "it seems dead");
            });
            assertFalse(done(busy.coordinator));
        }
    }

    private Instant seen(String coordinator) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("select max(seen_at) from term where coordinator = ?")
                        .bind(0, coordinator)
                        .mapTo(Instant.class)
                        .one());
    }

    private static boolean within(Duration patience, BooleanSupplier holds) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }

    /// Though the other one has not yet been met by a sign of life.
    @Test
    void beforeItEndsItsLeasesAreWorkedOffWhereAnotherGoesOn() throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            crawler.put(Item.clean("worked off %03d".formatted(i)));
        }
        crawler.list();
        FakeAgent here = collective.agent(1);
        Grant grant = here.lease();
        Thread finishing = Thread.ofVirtual().start(collective.coordinator::finish);
        List<FakeCrawler.Segment> segments = crawler.supply(grant);
        assertFalse(finishing.join(Duration.ofMillis(100)), "it does not wait for its agents");
        segments.forEach(
                segment -> assertTrue(here.report(here.verdict(grant, segment)).hasAccepted()));
        assertTrue(finishing.join(Duration.ofSeconds(10)), "it waits for nobody");
        assertEquals(NoLease.Reason.DRAINING, here.ask().getNone().getReason());
    }

    /// Its port closes next: an agent that had not heard would see its calls fail.
    @Test
    void leasesThatAreNotWorkedOffInTimeAreCalledOffAndTheirAgentsHearIt() throws InterruptedException {
        pass(BEAT);
        fill(300);
        crawler.list();
        FakeAgent here = collective.agent(1);
        Grant grant = here.lease();
        Thread finishing = Thread.ofVirtual()
                .start(() -> collective.coordinator.finish(Duration.ofMillis(1), Duration.ofMinutes(2)));
        assertTrue(within(
                Duration.ofSeconds(10), () -> collective.coordinator.leases().size() == 0));
        assertFalse(finishing.join(Duration.ofMillis(100)), "it ends before its agents have heard");
        assertEquals(LeaseLost.Reason.CALLED_OFF, here.beat(grant, 0).getLost().getReason());
        assertTrue(finishing.join(Duration.ofSeconds(10)), "it waits for nobody");
        collective.coordinator.sweep();
        pass(BEAT);
        assertTrue(within(Duration.ofSeconds(10), () -> other.agent(2).acquire().isPresent()));
    }

    @Test
    void agentsHearOfLeasesThatEndedJustBefore() throws InterruptedException {
        fill(300);
        crawler.list();
        FakeAgent here = collective.agent(1);
        Grant grant = here.lease();
        collective.coordinator.leases().callOff();
        Thread finishing = Thread.ofVirtual().start(collective.coordinator::finish);
        assertFalse(finishing.join(Duration.ofMillis(100)), "it ends before its agent has heard");
        assertTrue(here.beat(grant, 0).hasLost());
        assertTrue(finishing.join(Duration.ofSeconds(10)), "it waits for nobody");
    }

    @Test
    void agentsThatDoNotCallAnyMoreAreNotWaitedForLongerThanHeartbeatsTake() throws InterruptedException {
        fill(300);
        crawler.list();
        collective.agent(1).lease();
        collective.coordinator.leases().callOff();
        Thread finishing = Thread.ofVirtual().start(collective.coordinator::finish);
        assertFalse(finishing.join(Duration.ofMillis(100)));
        collective.time.pass(collective.coordinator.leases().settings().heardWithin());
        assertTrue(finishing.join(Duration.ofSeconds(10)), "it waits for nobody");
    }

    @Test
    void whereItIsAloneItEndsAtOnce() throws InterruptedException {
        passAlone();
        fill(300);
        crawler.list();
        assertTrue(collective.agent(1).acquire().isPresent());
        Thread finishing = Thread.ofVirtual().start(collective.coordinator::finish);
        assertTrue(finishing.join(Duration.ofSeconds(10)));
        other.restart();
    }
}
