package org.picket.coordinator.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Context;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.MemberStanding;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.listing.TestTerms;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.MemberId;
import org.picket.proto.seal.SigningKey;

class AgentPacesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration TTL = Duration.ofSeconds(60);
    private static final ListingId LISTING = new ListingId(1);

    private final AgentPaces paces = new AgentPaces(TTL, listing -> listing.equals(LISTING) ? 70 : 0);

    private AgentPace waiting(long id) {
        MemberId agent = new MemberId(id);
        AgentPace pace = paces.of(new Member(
                agent,
                MemberRole.AGENT,
                new OwnerId(id),
                SigningKey.generate(new SecureRandom()).verifyingKey(),
                "desk",
                MemberStanding.ACTIVE));
        Equipment has = new Equipment(Set.of(TestTerms.ANY.bytes()));
        pace.asks(new Asking(agent, new OwnerId(id), has, pace, _ -> true, Granting.ALL, Context.ROOT), NOW);
        return pace;
    }

    @Test
    void idleAreProvenAgentsThatHoldNothing() {
        AgentPace one = waiting(1);
        AgentPace other = waiting(2);
        waiting(3);
        one.completed();
        other.completed();
        assertEquals(List.of(other), paces.idle(Set.of(new MemberId(1)), NOW));
        other.answered(true, NOW);
        assertEquals(List.of(), paces.idle(Set.of(new MemberId(1)), NOW));
    }

    @Test
    void thoseThatAreThereAndProvenCountAmongTheRest() {
        AgentPace one = waiting(1);
        one.ruled(100, NOW.minusSeconds(10), NOW);
        assertEquals(PaceRules.Rest.NONE, paces.rest(LISTING, TestTerms.terms(), NOW));
        one.completed();
        assertEquals(new PaceRules.Rest(10, 10, 70), paces.rest(LISTING, TestTerms.terms(), NOW));
        one.answered(false, NOW);
        Instant later = NOW.plus(paces.longestKept());
        assertEquals(new PaceRules.Rest(10, 10, 70), paces.rest(LISTING, TestTerms.terms(), later));
        assertEquals(PaceRules.Rest.NONE, paces.rest(LISTING, TestTerms.terms(), later.plusMillis(1)));
    }
}
