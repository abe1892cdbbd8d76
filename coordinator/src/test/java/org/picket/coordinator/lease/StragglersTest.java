package org.picket.coordinator.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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

class StragglersTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration TTL = Duration.ofSeconds(60);
    private static final Member AGENT = new Member(
            new MemberId(1),
            MemberRole.AGENT,
            new OwnerId(1),
            SigningKey.generate(new SecureRandom()).verifyingKey(),
            "desk",
            MemberStanding.ACTIVE);

    private final LeaseTable table = new LeaseTable(new Quotas(2));
    private final AgentPaces paces = new AgentPaces(TTL, table::left);
    private final Stragglers stragglers = new Stragglers(table, paces, TTL);

    private Lease lease() {
        ClaimedShard shard = new ClaimedShard(
                new ShardKey(new ListingId(1), 1),
                "a",
                "b",
                3,
                new Fence(new LeaseId(new UUID(1, 1)), 1, 1),
                Trial.NONE,
                RuledPast.NONE);
        return new Lease(
                shard, TestTerms.terms(), new Asker(AGENT, Optional.empty()), paces.of(AGENT), NOW, NOW.plus(TTL));
    }

    /// Its last report may be under way while it is revoked, and its leases end afterwards.
    @Test
    void agentThatIsGoneStaysUnknownWhenItsLeasesEnd() {
        Lease lease = lease();
        paces.of(AGENT).says(100);
        assertEquals(100, paces.objectsPerSecond(), 0);
        paces.gone(AGENT.id());
        stragglers.ended(lease, LeaseEnd.REVOKED);
        assertEquals(0, paces.objectsPerSecond(), 0);
    }

    @Test
    void leaseThatIsCompleteProvesItsAgentUntilOneExpires() {
        Lease lease = lease();
        stragglers.ended(lease, LeaseEnd.COMPLETE);
        stragglers.ended(lease, LeaseEnd.CALLED_OFF);
        assertTrue(lease.pace().pace().proven());
        stragglers.ended(lease, LeaseEnd.EXPIRED);
        assertFalse(lease.pace().pace().proven());
    }
}
