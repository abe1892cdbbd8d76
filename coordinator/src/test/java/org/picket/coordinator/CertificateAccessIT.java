package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.SecureCollective.Joined;
import org.picket.coordinator.authority.Authority;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.MemberStanding;
import org.picket.proto.id.MemberId;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.AcquireRequest;
import org.picket.proto.v1.ArtifactsGrpc;
import org.picket.proto.v1.Circle;
import org.picket.proto.v1.EnrolmentGrpc;
import org.picket.proto.v1.FindingsGrpc;
import org.picket.proto.v1.HashListsGrpc;
import org.picket.proto.v1.InviteRequest;
import org.picket.proto.v1.LeasesGrpc;
import org.picket.proto.v1.LedgerGrpc;
import org.picket.proto.v1.ListMembersRequest;
import org.picket.proto.v1.ListSuppliesGrpc;
import org.picket.proto.v1.ListingsGrpc;
import org.picket.proto.v1.MembersGrpc;
import org.picket.proto.v1.OverviewGrpc;
import org.picket.proto.v1.RelayGrpc;
import org.picket.proto.v1.RemovalsGrpc;
import org.picket.proto.v1.Role;
import org.picket.proto.v1.SetStandingRequest;
import org.picket.proto.v1.SitesGrpc;
import org.picket.proto.v1.Standing;
import org.picket.proto.v1.SuppliesGrpc;
import org.picket.runtime.identity.InviteCode;

/// Every call of every service, tried with every identity that must not make it. The calls come from the
/// services themselves: one that is new and has no line in the table here fails the test.
class CertificateAccessIT extends BehindTls {
    private static final Map<String, Set<MemberRole>> MAY = Map.ofEntries(
            Map.entry(ArtifactsGrpc.SERVICE_NAME, Set.of(MemberRole.AGENT)),
            Map.entry(ArtifactsGrpc.getPolicyMethod().getFullMethodName(), Set.of(MemberRole.CRAWLER)),
            Map.entry(LeasesGrpc.SERVICE_NAME, Set.of(MemberRole.AGENT)),
            Map.entry(ListingsGrpc.SERVICE_NAME, Set.of(MemberRole.CRAWLER)),
            Map.entry(SuppliesGrpc.SERVICE_NAME, Set.of(MemberRole.CRAWLER)),
            Map.entry(ListSuppliesGrpc.SERVICE_NAME, Set.of(MemberRole.CRAWLER)),
            Map.entry(RemovalsGrpc.SERVICE_NAME, Set.of(MemberRole.CRAWLER)),
            Map.entry(RelayGrpc.getAttendMethod().getFullMethodName(), Set.of(MemberRole.CRAWLER)),
            Map.entry(RelayGrpc.getSupplyMethod().getFullMethodName(), Set.of(MemberRole.CRAWLER)),
            Map.entry(RelayGrpc.getOpenMethod().getFullMethodName(), Set.of(MemberRole.AGENT)),
            Map.entry(SitesGrpc.SERVICE_NAME, Set.of(MemberRole.CRAWLER, MemberRole.ADMINISTRATOR)),
            Map.entry(FindingsGrpc.SERVICE_NAME, Set.of(MemberRole.ADMINISTRATOR)),
            Map.entry(HashListsGrpc.SERVICE_NAME, Set.of(MemberRole.ADMINISTRATOR)),
            Map.entry(LedgerGrpc.getExportMethod().getFullMethodName(), Set.of(MemberRole.ADMINISTRATOR)),
            Map.entry(
                    LedgerGrpc.getCheckpointMethod().getFullMethodName(),
                    Set.of(MemberRole.CRAWLER, MemberRole.ADMINISTRATOR)),
            Map.entry(OverviewGrpc.SERVICE_NAME, Set.of(MemberRole.ADMINISTRATOR, MemberRole.STEWARD)),
            Map.entry(MembersGrpc.SERVICE_NAME, Set.of(MemberRole.STEWARD)));

    private List<MethodDescriptor<?, ?>> calls(SecureCollective of) {
        List<MethodDescriptor<?, ?>> calls = new ArrayList<>();
        of.process
                .services()
                .forEach(service ->
                        service.bindService().getMethods().forEach(method -> calls.add(method.getMethodDescriptor())));
        calls.removeIf(call -> EnrolmentGrpc.SERVICE_NAME.equals(call.getServiceName()));
        return calls;
    }

    @Test
    void everyCallIsRefusedToEveryWrongRoleAndToStrangers() {
        Map<MemberRole, Joined> members = new EnumMap<>(MemberRole.class);
        for (MemberRole role : MemberRole.values()) {
            members.put(role, collective.join(role, "one"));
        }
        Channel stranger = collective.as(Optional.empty());
        for (MethodDescriptor<?, ?> call : calls(collective)) {
            Set<MemberRole> may = Optional.ofNullable(MAY.get(call.getFullMethodName()))
                    .or(() -> Optional.ofNullable(MAY.get(call.getServiceName())))
                    .orElseThrow();
            assertEquals(
                    Status.Code.UNAUTHENTICATED, RawCall.make(stranger, call).getCode(), call::getFullMethodName);
            members.forEach((role, member) -> {
                Status status = RawCall.make(member.channel(), call);
                assertEquals(
                        !may.contains(role),
                        says(status, Status.Code.PERMISSION_DENIED, "may not call"),
                        role + " on " + call.getFullMethodName() + ": " + status);
                assertFalse(status.getCode() == Status.Code.UNAUTHENTICATED, () -> role + ": " + status);
            });
        }
    }

    @Test
    void silencedMembersAreRefusedEveryCall() {
        for (MemberStanding standing : List.of(MemberStanding.SUSPENDED, MemberStanding.REVOKED)) {
            for (MemberRole role : MemberRole.values()) {
                Joined member = collective.join(role, "one");
                collective.process.fleet().stand(new MemberId(member.id()), standing);
                for (MethodDescriptor<?, ?> call : calls(collective)) {
                    Status status = RawCall.make(member.channel(), call);
                    assertTrue(
                            says(
                                    status,
                                    Status.Code.PERMISSION_DENIED,
                                    "is " + standing.name().toLowerCase()),
                            () -> role + " on " + call.getFullMethodName() + ": " + status);
                }
            }
        }
    }

    @Test
    void certificatesOfAnotherAuthorityOpenNoConnection() {
        Authority other = new Authority(SigningKey.generate(collective.random), collective.random);
        Joined member = collective.join(MemberRole.AGENT, "one");
        Channel forged = collective.as(Optional.of(collective.issued(other, member, Duration.ZERO)));
        for (MethodDescriptor<?, ?> call : calls(collective)) {
            assertEquals(Status.Code.UNAVAILABLE, RawCall.make(forged, call).getCode(), call::getFullMethodName);
        }
    }

    @Test
    void expiredCertificatesOpenNoConnectionAndEndTheUseOfOpenOnes() {
        Joined member = collective.join(MemberRole.AGENT, "one");
        Duration ago = Authority.MEMBER_LIFE.plusMinutes(1);
        Channel late = collective.as(Optional.of(collective.issued(collective.authority, member, ago)));
        assertEquals(
                Status.Code.UNAVAILABLE,
                RawCall.make(late, LeasesGrpc.getAcquireMethod()).getCode());
        try (Database other = DATABASE.fresh();
                SecureCollective earlier = new SecureCollective(other, Duration.ofHours(2))) {
            Joined open = earlier.join(MemberRole.AGENT, "one");
            Channel connected = earlier.as(Optional.of(earlier.issued(earlier.authority, open, ago)));
            for (MethodDescriptor<?, ?> call : calls(earlier)) {
                Status status = RawCall.make(connected, call);
                assertTrue(says(status, Status.Code.UNAUTHENTICATED, "expired"), status::toString);
            }
        }
    }

    @Test
    void memberComesBackByItsKeyAloneAndOnlyByIt() {
        Joined member = collective.join(MemberRole.CRAWLER, "one");
        var renewed = collective.renew(member.id(), member.key(), collective.authority.id());
        Channel again =
                collective.as(Optional.of(SecureCollective.credentials(member.key(), renewed.getCertificatesList())));
        assertFalse(says(RawCall.make(again, SitesGrpc.getStoragesMethod()), Status.Code.UNAUTHENTICATED, ""));
        assertEquals(
                Authority.MEMBER_LIFE.toMillis(), renewed.getCertificateLife().getMilliseconds());
        SigningKey stranger = SigningKey.generate(collective.random);
        assertRefused(() -> collective.renew(member.id(), stranger, collective.authority.id()));
        assertRefused(() -> collective.renew(member.id() + 1, member.key(), collective.authority.id()));
        assertRefused(() -> collective.renew(
                member.id(), member.key(), stranger.verifyingKey().id()));
        collective.process.fleet().stand(new MemberId(member.id()), MemberStanding.REVOKED);
        assertRefused(() -> collective.renew(member.id(), member.key(), collective.authority.id()));
    }

    private static void assertRefused(Runnable call) {
        assertEquals(
                Status.Code.PERMISSION_DENIED,
                assertThrows(StatusRuntimeException.class, call::run)
                        .getStatus()
                        .getCode());
    }

    @Test
    void callsUnderWayEndWhenTheirMemberIsSilenced() throws InterruptedException {
        Joined steward = collective.join(MemberRole.STEWARD, "one");
        Joined agent = collective.join(MemberRole.AGENT, "two");
        collective.admitted.drainPermits();
        var waiting = LeasesGrpc.newFutureStub(agent.channel())
                .acquire(AcquireRequest.newBuilder()
                        .setWait(org.picket.proto.v1.Span.newBuilder().setMilliseconds(30_000))
                        .build());
        MembersGrpc.MembersBlockingStub members = MembersGrpc.newBlockingStub(steward.channel());
        assertTrue(collective.admitted.tryAcquire(20, TimeUnit.SECONDS), "the call was not let in");
        long begun = System.nanoTime();
        members.setStanding(SetStandingRequest.newBuilder()
                .setMemberId(agent.id())
                .setStanding(Standing.SUSPENDED)
                .build());
        Throwable end = assertThrows(java.util.concurrent.ExecutionException.class, waiting::get)
                .getCause();
        assertTrue(says(Status.fromThrowable(end), Status.Code.PERMISSION_DENIED, "is suspended"), end::toString);
        assertTrue(Duration.ofNanos(System.nanoTime() - begun).toSeconds() < 10);
        members.setStanding(SetStandingRequest.newBuilder()
                .setMemberId(agent.id())
                .setStanding(Standing.ACTIVE)
                .build());
        assertTrue(LeasesGrpc.newBlockingStub(agent.channel())
                .acquire(AcquireRequest.getDefaultInstance())
                .hasNone());
        assertEquals(
                List.of(Standing.ACTIVE, Standing.ACTIVE),
                members.list(ListMembersRequest.getDefaultInstance()).getMembersList().stream()
                        .map(org.picket.proto.v1.Member::getStanding)
                        .toList());
    }

    /// Else a member that met a fault often enough could call no more until the coordinator is started anew.
    @Test
    void callThatFailsAtItsVeryStartGivesItsPlaceBack() {
        Joined steward = collective.join(MemberRole.STEWARD, "one");
        MembersGrpc.MembersBlockingStub members = MembersGrpc.newBlockingStub(steward.channel());
        collective.failing.set(true);
        for (int i = 0; i < 40; i++) {
            StatusRuntimeException failed = assertThrows(
                    StatusRuntimeException.class, () -> members.list(ListMembersRequest.getDefaultInstance()));
            assertEquals(Status.Code.INTERNAL, failed.getStatus().getCode());
        }
        collective.failing.set(false);
        assertEquals(1, members.list(ListMembersRequest.getDefaultInstance()).getMembersCount());
    }

    @Test
    void inviteOfAStewardLetsInOnce() {
        Joined steward = collective.join(MemberRole.STEWARD, "one");
        String code = MembersGrpc.newBlockingStub(steward.channel())
                .invite(InviteRequest.newBuilder()
                        .setRole(Role.AGENT)
                        .setOwner("alice")
                        .build())
                .getCode();
        InviteCode invite = InviteCode.parse(code);
        assertEquals(collective.authority.id(), invite.authority());
        SigningKey key = SigningKey.generate(collective.random);
        collective.enrolment().enrol(SecureCollective.enrolment(invite.secret(), MemberRole.AGENT, key));
        assertRefused(() -> collective
                .enrolment()
                .enrol(SecureCollective.enrolment(
                        invite.secret(), MemberRole.AGENT, SigningKey.generate(collective.random))));
        InviteRequest alice = InviteRequest.newBuilder().setOwner("alice").build();
        assertNoInvite(steward, alice.toBuilder().setRole(Role.STEWARD));
        assertNoInvite(steward, alice.toBuilder().setRole(Role.CRAWLER).setRegion("eu"));
        assertNoInvite(
                steward,
                alice.toBuilder()
                        .setRole(Role.AGENT)
                        .setCircle(Circle.newBuilder().setOwn(true)));
        assertNoInvite(steward, alice.toBuilder().setRole(Role.CRAWLER).setCircle(Circle.getDefaultInstance()));
    }

    private static void assertNoInvite(Joined steward, InviteRequest.Builder request) {
        assertEquals(
                Status.Code.INVALID_ARGUMENT,
                assertThrows(
                                StatusRuntimeException.class,
                                () -> MembersGrpc.newBlockingStub(steward.channel())
                                        .invite(request.build()))
                        .getStatus()
                        .getCode());
    }

    @Test
    void strangersHaveNoEndOfAttempts() {
        SigningKey key = SigningKey.generate(collective.random);
        Status last = Status.OK;
        for (int attempt = 0; attempt <= 40 && last.getCode() != Status.Code.RESOURCE_EXHAUSTED; attempt++) {
            last = assertThrows(
                            StatusRuntimeException.class,
                            () -> collective
                                    .enrolment()
                                    .enrol(SecureCollective.enrolment("guess", MemberRole.AGENT, key)))
                    .getStatus();
        }
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, last.getCode());
    }

    private static boolean says(Status status, Status.Code code, String words) {
        return status.getCode() == code
                && Optional.ofNullable(status.getDescription()).orElse("").contains(words);
    }
}
