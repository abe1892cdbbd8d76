package org.picket.crawler.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CommonsTest {
    private static final long LEASE = 100;
    private static final long LARGE = 1_000;
    private static final long MEBIBYTE = 1_024 * 1_024;

    private final Commons commons = commons(SiteLimits.NONE);

    private static Commons commons(SiteLimits limits) {
        return Commons.of((bytes, size, pixels, prints) -> new Viewed.Views(List.of(), List.of()), limits, LARGE);
    }

    private boolean room(Commons.Large large, long bytes) throws InterruptedException {
        boolean taken = large.take(bytes, () -> true);
        if (taken) {
            large.give(bytes);
        }
        return taken;
    }

    @Test
    void largeObjectWaitsForRoomInTheProcessUntilItIsDecoded() throws InterruptedException {
        Commons.Large one = commons.large();
        Commons.Large two = commons.large();
        LeaseBytes lease = new LeaseBytes(LEASE, one);
        assertTrue(lease.take(LEASE, () -> true) && lease.takeLarge(LEASE, () -> true));
        assertTrue(room(two, LARGE), "what a lease may hold takes nothing of the others' room");
        lease.done(LEASE, 0);

        assertTrue(lease.take(LARGE, () -> true) && lease.takeLarge(LARGE, () -> true));
        assertFalse(lease.take(1, () -> true), "it is let in alone");
        assertFalse(room(two, LEASE + 1));
        assertTrue(room(two, LEASE));
        lease.give(0);
        assertFalse(room(two, LEASE + 1), "views of others say nothing of it");
        lease.done(LARGE, 10);
        assertTrue(room(two, LARGE));
        lease.give(10);
        assertTrue(lease.take(LEASE, () -> true));
    }

    @Test
    void supplyThatEndsGivesBackWhatItHeld() throws InterruptedException {
        Commons.Large one = commons.large();
        LeaseBytes lease = new LeaseBytes(LEASE, one);
        assertTrue(lease.take(LARGE, () -> true) && lease.takeLarge(LARGE, () -> true));
        one.close();
        Commons.Large two = commons.large();
        assertTrue(room(two, LARGE));
        // Its work may end much later, or never.
        lease.done(LARGE, 0);
        assertTrue(two.take(LARGE, () -> true));
        assertFalse(two.take(1, () -> true), "what was given back came back twice");
        assertFalse(room(one, 1));
    }

    @Test
    void allStoragesSendInOnePaceAndReadInTheirOwn() throws InterruptedException {
        SiteLimits limits = new SiteLimits(OptionalLong.empty(), OptionalLong.of(1), OptionalLong.of(1));
        Commons shared = commons(limits);
        Brake one = new Brake(limits, shared, Brake.Clock.system());
        Brake two = new Brake(limits, shared, Brake.Clock.system());
        assertTrue(one.read(1_000, () -> true) && two.read(1_000, () -> true));
        assertTrue(one.send(1_000, () -> true));
        assertFalse(two.send(1, () -> true), "another storage's views went out beside the bound");
    }

    @Test
    void storagesDivideWhatOneMayHold() {
        SupplySettings alone = SupplySettings.of(2);
        assertEquals(alone, alone.amongst(1));
        for (int storages = 1; storages <= 64; storages++) {
            SupplySettings part = alone.amongst(storages);
            assertTrue(part.leases() >= 2 && part.leaseBytes() >= 2 * MEBIBYTE, part.toString());
            assertTrue(storages * part.leases() * part.leaseBytes() <= 256 * MEBIBYTE, part.toString());
        }
        assertEquals(4, alone.amongst(2).leases());
        assertEquals(32 * MEBIBYTE, alone.amongst(2).leaseBytes());
    }
}
