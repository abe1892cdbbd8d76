package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.MemberStanding;
import org.picket.proto.id.MemberId;
import org.picket.proto.seal.KeyId;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.AcquireRequest;
import org.picket.proto.v1.LeasesGrpc;
import org.picket.proto.v1.Role;
import org.picket.runtime.channel.Address;
import org.picket.runtime.channel.Addresses;
import org.picket.runtime.identity.InviteCode;
import org.picket.runtime.membership.Joining;
import org.picket.runtime.membership.MemberRecord;
import org.picket.runtime.membership.RemoteMember;

/// Joining, and being a member afterwards, as processes on other machines do it.
class MembershipIT extends BehindTls {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

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

    /// One of the two addresses is nobody's.
    @Test
    void memberOfSeveralCoordinatorsGoesToOneThatIsThere() throws Exception {
        Address nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = new Address("127.0.0.1", free.getLocalPort());
        }
        SigningKey key = SigningKey.generate(collective.random);
        InviteCode right = invite(collective.authority.id());
        InviteCode several =
                new InviteCode(new Addresses(List.of(nobody, collective.address)), right.authority(), right.secret());
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
    void silencedMemberIsToldWhy() throws InterruptedException {
        SigningKey key = SigningKey.generate(collective.random);
        MemberRecord record = join(invite(collective.authority.id()), key);
        collective.process.fleet().stand(new MemberId(record.member().value()), MemberStanding.REVOKED);
        try (RemoteMember member = RemoteMember.start(record, key, collective.time)) {
            assertFalse(certified(member));
            assertTrue(member.trouble().orElseThrow().contains("is revoked for good"));
        }
    }

    @Test
    void copiedRecordIsOfNoUseWithoutTheKey() throws InterruptedException {
        MemberRecord record = join(invite(collective.authority.id()), SigningKey.generate(collective.random));
        try (RemoteMember thief = RemoteMember.start(record, SigningKey.generate(collective.random), collective.time)) {
            assertFalse(certified(thief));
            assertTrue(thief.trouble().orElseThrow().contains("join with an invite"));
        }
    }
}
