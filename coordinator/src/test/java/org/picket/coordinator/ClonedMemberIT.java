package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.MemberStanding;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.proto.id.MemberId;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.Grant;
import org.picket.runtime.channel.Incarnation;

/// A member of whose key there is a copy, in a second process.
class ClonedMemberIT extends ScannedStorage {
    private final SecureRandom random = new SecureRandom();
    private final SigningKey key = SigningKey.generate(random);

    private FakeAgent process(Channel member) {
        return Collective.scanning(
                ClientInterceptors.intercept(member, Incarnation.attach(Incarnation.random(random))), key);
    }

    private static String refusal(FakeAgent agent) {
        StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, agent::ask);
        // Whoever is silent has no session any more; over TLS the certificate still says who it was.
        assertTrue(Set.of(Status.Code.PERMISSION_DENIED, Status.Code.UNAUTHENTICATED)
                .contains(refused.getStatus().getCode()));
        return String.valueOf(refused.getStatus().getDescription());
    }

    @Test
    void bothAreHeldOutTheirLeasesAreVoidAndTheStewardMaySayWhich() {
        fill(1_000);
        crawler.list();
        Channel member = collective.enrolled(MemberRole.AGENT, new OwnerId(9), key);
        FakeAgent one = process(member);
        FakeAgent copy = process(member);
        Grant grant = one.lease();
        collective.time.pass(Duration.ofMinutes(1));
        Grant other = copy.lease();
        collective.time.pass(Duration.ofMinutes(1));
        assertTrue(refusal(one).contains("until its steward resumes it: two processes used its key"));
        collective.coordinator.follow();
        refusal(copy);
        refusal(one);
        assertEquals(0, collective.coordinator.leases().size());

        MemberId id = held();
        collective.coordinator.fleet().stand(id, MemberStanding.ACTIVE);
        assertTrue(one.acquire().isPresent());
        collective.time.pass(Duration.ofMinutes(1));
        assertTrue(one.beat(grant, 0).hasLost());
        assertTrue(one.beat(other, 0).hasLost());
        assertFalse(one.acquire().isEmpty());
    }

    private MemberId held() {
        return database.read(handle -> collective.coordinator.fleet().members(handle, 100)).stream()
                .filter(member -> !member.heldOutFor().isEmpty())
                .findFirst()
                .orElseThrow()
                .id();
    }

    @Test
    void agentThatIsStartedAnewIsNoCopy() {
        fill(1_000);
        crawler.list();
        Channel member = collective.enrolled(MemberRole.AGENT, new OwnerId(9), key);
        for (int starts = 0; starts < 4; starts++) {
            FakeAgent process = process(member);
            assertTrue(process.acquire().isPresent());
            collective.time.pass(Duration.ofMinutes(5));
            collective.coordinator.sweep();
        }
    }

    @Test
    void commandsOfAPersonMayRunSideBySide() {
        Channel admin = collective.enrolled(MemberRole.STEWARD, new OwnerId(9), key);
        FakeAgent one = process(admin);
        FakeAgent two = process(admin);
        for (int i = 0; i < 4; i++) {
            assertTrue(refusal(i % 2 == 0 ? one : two).contains("may not call"));
            collective.time.pass(Duration.ofMinutes(1));
        }
    }
}
