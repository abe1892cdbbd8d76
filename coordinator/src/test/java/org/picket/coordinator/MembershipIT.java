package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.authority.Authority;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.MemberStanding;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.MemberId;
import org.picket.proto.seal.KeyId;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.AcquireRequest;
import org.picket.proto.v1.LeasesGrpc;
import org.picket.proto.v1.Mode;
import org.picket.proto.v1.RegisterStorageRequest;
import org.picket.proto.v1.Role;
import org.picket.proto.v1.SitesGrpc;
import org.picket.runtime.channel.Address;
import org.picket.runtime.channel.Addresses;
import org.picket.runtime.identity.Credentials;
import org.picket.runtime.identity.InviteCode;
import org.picket.runtime.membership.Joining;
import org.picket.runtime.membership.MemberRecord;
import org.picket.runtime.membership.RemoteMember;
import org.picket.runtime.time.TimeSource;

/// Joining, and being a member afterwards, as processes on other machines do it.
class MembershipIT extends BehindTls {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private InviteCode invite(KeyId authority) {
        String secret = collective
                .process
                .fleet()
                .invite(MemberRole.AGENT, collective.process.owner("alice"), SecureCollective.INVITE_LIFE);
        return new InviteCode(collective.address, authority, secret);
    }

    private static boolean certified(RemoteMember member) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE_NANOS;
        return member.await(() -> System.nanoTime() < until && member.trouble().isEmpty());
    }

    @Test
    void secretIsToldToTheCoordinatorOfTheInviteAlone() {
        SigningKey key = SigningKey.generate(collective.random);
        InviteCode right = invite(collective.authority.id());
        InviteCode wrong =
                new InviteCode(right.coordinators(), key.verifyingKey().id(), right.secret());
        assertEquals(
                Status.Code.UNAVAILABLE,
                assertThrows(StatusRuntimeException.class, () -> join(wrong, key))
                        .getStatus()
                        .getCode());
        // It was not told: the invite still lets in.
        MemberRecord record = join(right, key);
        assertEquals(Addresses.of(collective.address), record.coordinators());
        assertEquals(record, MemberRecord.parse(record.text()));
    }

    private MemberRecord join(InviteCode invite, SigningKey key) {
        return Joining.join(invite, Role.AGENT, key, "test", collective.time);
    }

    /// What the invite says of the circle reaches the crawler, and a registration that forgets it opens nothing.
    @Test
    void crawlerLearnsItsCircleByJoiningAndRegistersWithNoneInVain() throws InterruptedException {
        Circle circle = Circle.parse(List.of("own", "operator:al\\ice", "region:eu"));
        String secret = collective
                .process
                .fleet()
                .invite(
                        MemberRole.CRAWLER,
                        collective.process.owner("example.org"),
                        "",
                        circle,
                        SecureCollective.INVITE_LIFE);
        InviteCode invite = new InviteCode(collective.address, collective.authority.id(), secret);
        SigningKey key = SigningKey.generate(collective.random);
        MemberRecord record = Joining.join(invite, Role.CRAWLER, key, "test", collective.time);
        assertEquals(circle, record.circle());
        assertEquals(record, MemberRecord.parse(record.text()));
        RegisterStorageRequest storage = RegisterStorageRequest.newBuilder()
                .setIdentity("folder:/a")
                .setMode(Mode.OBSERVE)
                .build();
        try (RemoteMember member = RemoteMember.start(record, key, collective.time)) {
            assertTrue(certified(member));
            SitesGrpc.SitesBlockingStub sites = SitesGrpc.newBlockingStub(member.coordinator());
            String why = refusal(sites, storage);
            assertTrue(why.contains("was invited for the circle own,operator:al\\ice,region:eu"), why);
            // Its own word is the last: what is refused now is the policy that is missing.
            String open = refusal(
                    sites,
                    storage.toBuilder().setCircle(Circle.EVERYONE.named()).build());
            assertFalse(open.contains("circle"), open);
        }
    }

    private static String refusal(SitesGrpc.SitesBlockingStub sites, RegisterStorageRequest storage) {
        Status status = assertThrows(StatusRuntimeException.class, () -> sites.register(storage))
                .getStatus();
        assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), String.valueOf(status));
        return String.valueOf(status.getDescription());
    }

    @Test
    void memberWorksByWhatItKeptOfJoining() throws InterruptedException {
        SigningKey key = SigningKey.generate(collective.random);
        MemberRecord record = join(invite(collective.authority.id()), key);
        try (RemoteMember member = RemoteMember.start(record, key, collective.time)) {
            assertTrue(certified(member));
            assertTrue(LeasesGrpc.newBlockingStub(member.coordinator())
                    .acquire(AcquireRequest.getDefaultInstance())
                    .hasNone());
        }
    }

    /// As on a laptop that slept through the time of its renewal: the process's own clock stood still.
    @Test
    void certificateIsRenewedThoughTheMachineSlept() throws InterruptedException {
        SigningKey key = SigningKey.generate(collective.random);
        MemberRecord record = join(invite(collective.authority.id()), key);
        AtomicReference<Duration> slept = new AtomicReference<>(Duration.ZERO);
        TimeSource wall = () -> collective.time.now().plus(slept.get());
        try (RemoteMember member = RemoteMember.start(record, key, wall)) {
            assertTrue(certified(member));
            Optional<Credentials> first = member.credentials();
            slept.set(Authority.MEMBER_LIFE.dividedBy(3).multipliedBy(2).plusMinutes(1));
            long until = System.nanoTime() + PATIENCE_NANOS;
            while (member.credentials().equals(first)) {
                assertTrue(System.nanoTime() < until, () -> "the certificate was not renewed: " + member.trouble());
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    /// One of the two addresses is nobody's.
    @Test
    void memberOfSeveralCoordinatorsGoesToOneThatIsThere() throws Exception {
        SigningKey key = SigningKey.generate(collective.random);
        InviteCode right = invite(collective.authority.id());
        InviteCode several =
                new InviteCode(new Addresses(List.of(nobody(), collective.address)), right.authority(), right.secret());
        MemberRecord record = join(InviteCode.parse(several.text()), key);
        assertEquals(several.coordinators(), record.coordinators());
        try (RemoteMember member = RemoteMember.start(record, key, collective.time)) {
            assertTrue(certified(member));
            assertEquals(2, member.each().size());
            assertTrue(LeasesGrpc.newBlockingStub(member.coordinator())
                    .acquire(AcquireRequest.getDefaultInstance())
                    .hasNone());
        }
    }

    @Test
    void coordinatorThatIsAwayRefusesNobody() throws Exception {
        SigningKey key = SigningKey.generate(collective.random);
        MemberRecord joined = join(invite(collective.authority.id()), key);
        MemberRecord record = MemberRecord.parse(
                joined.text().replace(Integer.toString(collective.address.port()), Integer.toString(nobody().port())));
        try (RemoteMember member = RemoteMember.start(record, key, collective.time)) {
            assertFalse(certified(member));
            assertTrue(member.trouble().orElseThrow().contains("cannot be reached"));
            assertFalse(member.refused());
        }
    }

    private static Address nobody() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Address("127.0.0.1", free.getLocalPort());
        }
    }

    @Test
    void silencedMemberIsToldWhy() throws InterruptedException {
        SigningKey key = SigningKey.generate(collective.random);
        MemberRecord record = join(invite(collective.authority.id()), key);
        collective.process.fleet().stand(new MemberId(record.member().value()), MemberStanding.REVOKED);
        try (RemoteMember member = RemoteMember.start(record, key, collective.time)) {
            assertFalse(certified(member));
            assertTrue(member.trouble().orElseThrow().contains("is revoked for good"));
            assertTrue(member.refused());
        }
    }

    @Test
    void copiedRecordIsOfNoUseWithoutTheKey() throws InterruptedException {
        MemberRecord record = join(invite(collective.authority.id()), SigningKey.generate(collective.random));
        try (RemoteMember thief = RemoteMember.start(record, SigningKey.generate(collective.random), collective.time)) {
            assertFalse(certified(thief));
            assertTrue(thief.trouble().orElseThrow().contains("join with an invite"));
            assertTrue(thief.refused());
        }
    }
}
