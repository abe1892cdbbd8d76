package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.SecureCollective.Joined;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.proto.v1.LeasesGrpc;
import org.picket.proto.v1.ListMembersRequest;
import org.picket.proto.v1.ListingsGrpc;
import org.picket.proto.v1.LookRequest;
import org.picket.proto.v1.LookResponse;
import org.picket.proto.v1.Member;
import org.picket.proto.v1.MembersGrpc;
import org.picket.proto.v1.OverviewGrpc;
import org.picket.proto.v1.RemovalsGrpc;
import org.picket.proto.v1.Role;
import org.picket.proto.v1.SetStandingRequest;
import org.picket.proto.v1.Standing;
import org.picket.proto.v1.SuppliesGrpc;

/// What a steward may say of whom, and what follows.
class StandingIT extends BehindTls {
    private Joined steward;
    private MembersGrpc.MembersBlockingStub members;

    @BeforeEach
    void join() {
        steward = collective.join(MemberRole.STEWARD, "the steward");
        members = MembersGrpc.newBlockingStub(steward.channel());
    }

    private Member stand(long member, Standing standing) {
        return members.setStanding(SetStandingRequest.newBuilder()
                        .setMemberId(member)
                        .setStanding(standing)
                        .build())
                .getMember();
    }

    private void assertRefused(long member, Standing standing, Status.Code code, String words) {
        Status status = assertThrows(StatusRuntimeException.class, () -> stand(member, standing))
                .getStatus();
        assertEquals(code, status.getCode(), status::toString);
        assertTrue(status.getDescription().contains(words), status::toString);
    }

    private Standing standing(long member) {
        return members.list(ListMembersRequest.getDefaultInstance()).getMembersList().stream()
                .filter(row -> row.getId() == member)
                .findFirst()
                .orElseThrow()
                .getStanding();
    }

    @Test
    void drainedMembersMayCallAllThatTheyMayElse() {
        Joined agent = collective.join(MemberRole.AGENT, "alice");
        Joined crawler = collective.join(MemberRole.CRAWLER, "one");
        for (Joined member : List.of(agent, crawler)) {
            assertEquals(
                    Standing.DRAINING, stand(member.id(), Standing.DRAINING).getStanding());
            assertEquals(Standing.DRAINING, standing(member.id()));
            assertFalse(collective
                    .renew(member.id(), member.key(), collective.authority.id())
                    .getCertificatesList()
                    .isEmpty());
        }
        for (MethodDescriptor<?, ?> call : List.<MethodDescriptor<?, ?>>of(
                LeasesGrpc.getAcquireMethod(), LeasesGrpc.getHeartbeatMethod(), LeasesGrpc.getGiveBackMethod())) {
            assertEquals(Status.Code.OK, RawCall.make(agent.channel(), call).getCode(), call::getFullMethodName);
        }
        Stream.of(
                        ListingsGrpc.getPushMethod(),
                        SuppliesGrpc.getResolveMethod(),
                        RemovalsGrpc.getPullMethod(),
                        RemovalsGrpc.getAcknowledgeMethod())
                .forEach(call -> {
                    Status status = RawCall.make(crawler.channel(), call);
                    assertFalse(
                            status.toString().contains("drain") || status.getCode() == Status.Code.UNAUTHENTICATED,
                            () -> call.getFullMethodName() + ": " + status);
                });
        assertEquals(Standing.ACTIVE, stand(agent.id(), Standing.ACTIVE).getStanding());
        assertEquals(Standing.ACTIVE, standing(agent.id()));
    }

    @Test
    void resumeOfOneThatWasDrainedBeforeItWasSuspendedEndsOneAfterTheOther() {
        Joined agent = collective.join(MemberRole.AGENT, "alice");
        stand(agent.id(), Standing.DRAINING);
        assertEquals(Standing.SUSPENDED, stand(agent.id(), Standing.SUSPENDED).getStanding());
        assertEquals(Standing.DRAINING, stand(agent.id(), Standing.ACTIVE).getStanding());
        assertEquals(Standing.DRAINING, standing(agent.id()));
        assertEquals(Standing.ACTIVE, stand(agent.id(), Standing.ACTIVE).getStanding());
        stand(agent.id(), Standing.SUSPENDED);
        assertEquals(Standing.ACTIVE, stand(agent.id(), Standing.ACTIVE).getStanding());
    }

    @Test
    void whoHasNothingToDrainIsNotDrained() {
        Joined administrator = collective.join(MemberRole.ADMINISTRATOR, "one");
        Joined agent = collective.join(MemberRole.AGENT, "alice");
        Joined gone = collective.join(MemberRole.AGENT, "bob");
        assertRefused(
                administrator.id(),
                Standing.DRAINING,
                Status.Code.FAILED_PRECONDITION,
                "has nothing to drain: it holds");
        assertEquals(Standing.ACTIVE, standing(administrator.id()));
        assertRefused(steward.id(), Standing.DRAINING, Status.Code.FAILED_PRECONDITION, "has nothing to drain");
        stand(agent.id(), Standing.SUSPENDED);
        assertRefused(agent.id(), Standing.DRAINING, Status.Code.FAILED_PRECONDITION, "is suspended");
        assertEquals(Standing.SUSPENDED, standing(agent.id()), "to drain it would let it speak");
        stand(gone.id(), Standing.REVOKED);
        assertRefused(gone.id(), Standing.DRAINING, Status.Code.FAILED_PRECONDITION, "is revoked for good");
        assertRefused(4_711, Standing.DRAINING, Status.Code.NOT_FOUND, "there is no member 4711");
        assertRefused(agent.id(), Standing.STANDING_UNSPECIFIED, Status.Code.INVALID_ARGUMENT, "or DRAINING");
    }

    @Test
    void stewardsSeeWhatLeasesAreLeft() {
        OneSite site = new OneSite(collective, "one", "alice");
        OneSite.Things things = site.make();
        List<Member> all = members.list(ListMembersRequest.getDefaultInstance()).getMembersList();
        for (Role role : List.of(Role.AGENT, Role.CRAWLER)) {
            Member member = all.stream()
                    .filter(row -> row.getRole() == role)
                    .findFirst()
                    .orElseThrow();
            Member drained = stand(member.getId(), Standing.DRAINING);
            assertEquals(1, drained.getLeases(), drained::toString);
            await(look -> look.getMembersList().stream()
                    .anyMatch(row -> row.getId() == member.getId()
                            && row.getStanding() == Standing.DRAINING
                            && row.getLeases() == 1));
        }
        await(look -> look.getStorages(0).getScan().getStuckList().toString().contains("operator drains crawler")
                && look.getStorages(0).getScan().getLeases() == 1);
        site.crawler()
                .supply(things.grant())
                .forEach(segment -> assertTrue(site.agent()
                        .report(site.agent().verdict(things.grant(), segment))
                        .hasAccepted()));
        assertEquals(
                List.of(0, 0, 0, 0),
                members.list(ListMembersRequest.getDefaultInstance()).getMembersList().stream()
                        .map(Member::getLeases)
                        .toList());
    }

    /// What is shown may be a second old.
    private void await(Predicate<LookResponse> shown) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        LookResponse look;
        do {
            look = OverviewGrpc.newBlockingStub(steward.channel()).look(LookRequest.getDefaultInstance());
            assertTrue(System.nanoTime() < until, "it is not shown");
        } while (!shown.test(look));
    }
}
