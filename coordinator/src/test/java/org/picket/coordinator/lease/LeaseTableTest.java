package org.picket.coordinator.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.feed.AgentPaces;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.MemberStanding;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.listing.TestTerms;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.coordinator.shard.Fence;
import org.picket.coordinator.shard.RuledPast;
import org.picket.coordinator.shard.ShardKey;
import org.picket.coordinator.shard.Trial;
import org.picket.proto.id.LeaseId;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.MemberId;
import org.picket.proto.seal.SigningKey;

class LeaseTableTest {
    private static final MemberId AGENT = new MemberId(1);
    private static final Instant NOW = Instant.EPOCH;
    private static final AgentPaces PACES = new AgentPaces(Duration.ofSeconds(60), _ -> 0);
    private static final Instant BEFORE = NOW.minusSeconds(1);

    private final LeaseTable table = new LeaseTable(new Quotas(2));

    @Test
    void callsThatWaitCountAsLeases() {
        assertTrue(table.reserve(AGENT, NOW).isEmpty());
        assertTrue(table.reserve(AGENT, NOW).isEmpty());
        assertTrue(table.reserve(AGENT, NOW).isPresent());
        assertTrue(table.reserve(new MemberId(2), NOW).isEmpty());
    }

    @Test
    void placeGivenUpIsFreeAgain() {
        assertTrue(table.reserve(AGENT, NOW).isEmpty());
        assertTrue(table.reserve(AGENT, NOW).isEmpty());
        table.release(AGENT);
        assertTrue(table.reserve(AGENT, NOW).isEmpty());
        assertTrue(table.reserve(AGENT, NOW).isPresent());
    }

    @Test
    void agentCountsOnALeaseFromItsPlaceOnUntilItHasHeardOfItsEnd() {
        assertFalse(table.countedOn(BEFORE));
        table.reserve(AGENT, NOW);
        assertTrue(table.countedOn(BEFORE), "a grant that is being made is none yet, and is on its way");
        Lease lease = lease(1);
        table.add(lease);
        assertTrue(table.countedOn(BEFORE));
        table.remove(lease, LeaseEnd.CALLED_OFF, NOW);
        assertTrue(table.countedOn(BEFORE), "its agent works on it");
        assertFalse(table.countedOn(NOW), "its agent has not called for so long");
        assertEquals(new Held.Lost(LeaseEnd.CALLED_OFF), table.find(lease.fence(), lease.agent()));
        assertFalse(table.countedOn(BEFORE));
    }

    @Test
    void endOfALeaseThatItsAgentBringsAboutIsKnownToIt() {
        for (LeaseEnd how : LeaseEnd.values()) {
            LeaseTable table = new LeaseTable(new Quotas(2));
            assertTrue(table.reserve(AGENT, NOW).isEmpty());
            Lease lease = lease(how.ordinal());
            table.add(lease);
            table.remove(lease, how, NOW);
            assertEquals(!how.known(), table.countedOn(BEFORE), how.toString());
            table.heard(lease);
            assertFalse(table.countedOn(BEFORE));
        }
    }

    @Test
    void leasesOfAnAgentAreThoseThatLive() {
        table.reserve(AGENT, NOW);
        Lease lease = lease(1);
        table.add(lease);
        assertEquals(List.of(lease), table.of(AGENT));
        assertEquals(List.of(), table.of(new MemberId(2)));
        assertEquals(1, table.held(AGENT));
        table.remove(lease, LeaseEnd.FORGOTTEN, NOW);
        assertEquals(List.of(), table.of(AGENT));
        assertEquals(0, table.held(AGENT));
    }

    /// As after an outage: whoever ends them holds up nobody else for long.
    @Test
    void leasesThatAreAllOverAtOnceAreToldSoManyAtATime() {
        for (int i = 0; i < 1_000; i++) {
            table.add(lease(i));
        }
        Instant over = NOW.plusSeconds(60);
        assertEquals(List.of(), table.expired(over.minusMillis(1), 64));
        Set<LeaseId> told = new HashSet<>();
        for (int left = 1_000; left > 0; left -= 64) {
            List<Lease> some = table.expired(over, 64);
            assertEquals(Math.min(64, left), some.size());
            some.forEach(lease -> told.add(lease.fence().lease()));
        }
        assertEquals(1_000, told.size());
        assertEquals(List.of(), table.expired(over, 64));
    }

    private static Lease lease(int number) {
        ClaimedShard shard = new ClaimedShard(
                new ShardKey(new ListingId(1), 1 + number),
                "a",
                "b",
                3,
                new Fence(new LeaseId(new UUID(1, number)), 1, 1),
                Trial.NONE,
                RuledPast.NONE);
        Member agent = new Member(
                AGENT,
                MemberRole.AGENT,
                new OwnerId(1),
                SigningKey.generate(new SecureRandom()).verifyingKey(),
                "desk",
                MemberStanding.ACTIVE);
        return new Lease(
                shard,
                TestTerms.terms(),
                new Asker(agent, Optional.empty()),
                PACES.of(agent),
                NOW,
                NOW.plusSeconds(60));
    }
}
