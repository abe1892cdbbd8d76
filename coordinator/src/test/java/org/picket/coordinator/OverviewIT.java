package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.SecureCollective.Joined;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.MemberStanding;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.MemberId;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.Lane;
import org.picket.proto.v1.LeaseRow;
import org.picket.proto.v1.LookRequest;
import org.picket.proto.v1.LookResponse;
import org.picket.proto.v1.MemberRow;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.OverviewGrpc;
import org.picket.proto.v1.Role;
import org.picket.proto.v1.Standing;
import org.picket.proto.v1.StorageRow;
import org.picket.runtime.channel.Build;

/// What stewards and administrators see of a coordinator at work.
class OverviewIT extends BehindTls {
    private static LookResponse look(Joined by) {
        return OverviewGrpc.newBlockingStub(by.channel()).look(LookRequest.getDefaultInstance());
    }

    @Test
    void stewardSeesAllAndAnAdministratorWhatIsTheSitesOwn() {
        Joined steward = collective.join(MemberRole.STEWARD, "the steward");
        OneSite one = new OneSite(collective, "one", "alice");
        OneSite.Things things = one.make();
        OneSite two = new OneSite(collective, "two", "bob");
        two.crawler().list();
        Joined idle = collective.join(MemberRole.AGENT, "carol");
        Joined silenced = collective.join(MemberRole.AGENT, "dave");
        collective.process.fleet().stand(new MemberId(silenced.id()), MemberStanding.SUSPENDED);
        NoLease.Reason told = new FakeAgent(
                        idle.channel(),
                        idle.key(),
                        Digest.of(ByteString.copyFromUtf8("another bundle")).bytes(),
                        ByteString.EMPTY)
                .ask()
                .getNone()
                .getReason();

        LookResponse all = look(steward);
        assertEquals(1, all.getLeasesAll());
        LeaseRow lease = all.getLeases(0);
        assertEquals(things.grant().getShardId(), lease.getShardId());
        assertEquals(one.storage(), lease.getStorageId());
        assertEquals(22, lease.getObjects());
        assertTrue(lease.getLeft().getMilliseconds() > 0);
        assertEquals(2, all.getStoragesCount());
        StorageRow storage = all.getStorages(0);
        assertEquals("one", storage.getSite());
        assertEquals("folder:/srv/pictures", storage.getIdentity());
        MemberRow waiting = member(all, idle.id());
        assertEquals(NoLease.Reason.BUNDLE_MISSING, told);
        assertEquals(told, waiting.getNone().getReason());
        assertTrue(waiting.hasHeard());
        assertEquals("carol", waiting.getOwner());
        assertEquals(Standing.SUSPENDED, member(all, silenced.id()).getStanding());
        assertFalse(member(all, silenced.id()).hasHeard());
        assertEquals(1, member(all, lease.getAgentMemberId()).getLeases());
        assertFalse(member(all, lease.getAgentMemberId()).hasNone());

        assertEquals(Build.OURS.contract().number(), all.getBuild().getContract());
        assertEquals(all.getBuild(), waiting.getBuild());
        assertEquals(all.getBuild(), all.getCoordinators(0).getBuild());
        assertEquals(1, all.getCoordinatorsCount());
        assertFalse(member(all, silenced.id()).hasBuild(), "it never called");

        LookResponse scanned = awaitScan(steward, 22);
        assertEquals(Lane.FRESH, scanned.getStorages(0).getScan().getLane(), "it is small");
        assertEquals(22, scanned.getStorages(0).getScan().getListed());
        assertEquals(1, scanned.getStorages(0).getScan().getLeases());
        assertEquals(1, scanned.getStorages(0).getScan().getShardsOpen());

        LookResponse own = look(collective.join(MemberRole.ADMINISTRATOR, "two"));
        assertEquals(0, own.getLeasesAll());
        assertEquals(1, own.getStoragesCount());
        assertEquals(two.storage(), own.getStorages(0).getStorageId());
        assertTrue(own.getMembersList().stream()
                .allMatch(member -> member.getOwner().equals("two")));
        assertTrue(own.getMembersList().stream().noneMatch(member -> member.getRole() == Role.AGENT));
        assertEquals(0, own.getCoordinatorsCount());
        assertEquals(Build.OURS.release(), own.getBuild().getRelease());
    }

    /// A circle names people: it is its own site's to see, and the steward's.
    @Test
    void circleIsShownToItsSiteAndNoOther() {
        Joined steward = collective.join(MemberRole.STEWARD, "the steward");
        OneSite one = new OneSite(collective, "one", "alice");
        new OneSite(collective, "two", "bob");
        Circle circle = Circle.parse(List.of("own", "operator:alice"));
        one.accept(circle);
        LookResponse all = look(steward);
        assertEquals(circle, Circle.of(all.getStorages(0).getCircle()));
        assertFalse(all.getStorages(1).hasCircle());
        assertTrue(look(collective.join(MemberRole.ADMINISTRATOR, "one"))
                .getStorages(0)
                .hasCircle());
        assertFalse(look(collective.join(MemberRole.ADMINISTRATOR, "two"))
                .toString()
                .contains("alice"));
    }

    /// One look a second goes to the database; the others are told what that one met.
    @Test
    void looksThatFailAreToldThatTheDatabaseIsAway() {
        Joined steward = collective.join(MemberRole.STEWARD, "the steward");
        database.useTransaction(handle -> handle.execute("alter table storage rename to away"));
        for (int i = 0; i < 20; i++) {
            StatusRuntimeException failed = assertThrows(StatusRuntimeException.class, () -> look(steward));
            assertEquals(Status.Code.UNAVAILABLE, failed.getStatus().getCode(), failed::toString);
        }
        database.useTransaction(handle -> handle.execute("alter table away rename to storage"));
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        Status last = Status.UNKNOWN;
        while (!last.isOk() && System.nanoTime() < until) {
            last = RawCall.make(steward.channel(), OverviewGrpc.getLookMethod());
        }
        assertEquals(Status.Code.OK, last.getCode(), last::toString);
    }

    /// The coordinator looks at its listings once a second: what it saw last may be the scan before.
    private static LookResponse awaitScan(Joined by, long listed) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        LookResponse answer = look(by);
        while (answer.getStorages(0).getScan().getListed() != listed && System.nanoTime() < until) {
            answer = look(by);
        }
        return answer;
    }

    private static MemberRow member(LookResponse answer, long id) {
        return answer.getMembersList().stream()
                .filter(member -> member.getId() == id)
                .findFirst()
                .orElseThrow();
    }
}
