package org.picket.coordinator.fleet;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.MemberId;
import org.picket.proto.v1.InviteRequest;
import org.picket.proto.v1.InviteResponse;
import org.picket.proto.v1.ListMembersRequest;
import org.picket.proto.v1.ListMembersResponse;
import org.picket.proto.v1.MembersGrpc;
import org.picket.proto.v1.SetStandingRequest;
import org.picket.proto.v1.SetStandingResponse;
import org.picket.proto.v1.Span;

/// Invites, silences and drains members, for stewards.
final class MembersEndpoint extends MembersGrpc.MembersImplBase {
    private static final int PAGE = 1_000;
    private static final int OWNER_LENGTH = 200;
    private static final Duration USUAL_LIFE = Duration.ofHours(24);

    private final Fleet fleet;
    private final Owners owners;
    private final Invites invites;
    private final Leaseholders leases;

    MembersEndpoint(Fleet fleet, Owners owners, Invites invites, Leaseholders leases) {
        this.fleet = fleet;
        this.owners = owners;
        this.invites = invites;
        this.leases = leases;
    }

    @Override
    public void invite(InviteRequest request, StreamObserver<InviteResponse> observer) {
        Duration life = request.hasLife() ? Duration.ofMillis(request.getLife().getMilliseconds()) : USUAL_LIFE;
        Optional<MemberRole> role = MemberRole.of(request.getRole()).filter(asked -> asked != MemberRole.STEWARD);
        String owner = request.getOwner().strip();
        if (role.isEmpty()
                || owner.isEmpty()
                || owner.length() > OWNER_LENGTH
                || !life.isPositive()
                || life.compareTo(Fleet.MOST_INVITE_LIFE) > 0) {
            throw Status.INVALID_ARGUMENT
                    .withDescription(
                            "an invite is for an agent, a crawler or an administrator, names who answers for it"
                                    + " (1 to " + OWNER_LENGTH + " characters), and lives for at most "
                                    + Fleet.MOST_INVITE_LIFE.toDays() + " days")
                    .asRuntimeException();
        }
        String region = request.getRegion().strip();
        if (!region.isEmpty() && (role.get() != MemberRole.AGENT || !Circle.isRegion(region))) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("an agent's invite may name a region, of up to 32 small letters, digits and -")
                    .asRuntimeException();
        }
        Circle circle = circle(request);
        if (!circle.everyone() && role.get() != MemberRole.CRAWLER) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("a crawler's invite may name a circle: agents are of one, and administrators"
                            + " see no pictures")
                    .asRuntimeException();
        }
        String secret = fleet.invite(role.get(), owners.of(owner), region, circle, life);
        observer.onNext(InviteResponse.newBuilder()
                .setCode(invites.code(secret))
                .setLife(Span.newBuilder().setMilliseconds(life.toMillis()))
                .build());
        observer.onCompleted();
    }

    private static Circle circle(InviteRequest request) {
        try {
            return request.hasCircle() ? Circle.of(request.getCircle()) : Circle.EVERYONE;
        } catch (IllegalArgumentException e) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("the circle: " + e.getMessage())
                    .asRuntimeException();
        }
    }

    @Override
    public void list(ListMembersRequest request, StreamObserver<ListMembersResponse> observer) {
        ListMembersResponse.Builder rows = ListMembersResponse.newBuilder();
        fleet.after(request.getAfterId(), PAGE).forEach(row -> rows.addMembers(row(row.member(), row.at())));
        observer.onNext(rows.build());
        observer.onCompleted();
    }

    @Override
    public void setStanding(SetStandingRequest request, StreamObserver<SetStandingResponse> observer) {
        MemberStanding standing = MemberStanding.of(request.getStanding())
                .orElseThrow(() -> Status.INVALID_ARGUMENT
                        .withDescription("a standing is ACTIVE, SUSPENDED, REVOKED or DRAINING")
                        .asRuntimeException());
        if (standing != MemberStanding.DRAINING
                && request.getMemberId() == Member.caller().id().value()) {
            throw Status.FAILED_PRECONDITION
                    .withDescription("a steward does not silence itself: the collective would be without one")
                    .asRuntimeException();
        }
        Member member = Optional.of(request.getMemberId())
                .filter(id -> id > 0)
                .flatMap(id -> fleet.stand(new MemberId(id), standing))
                .orElseThrow(() -> Status.NOT_FOUND
                        .withDescription("there is no member " + request.getMemberId()
                                + "; 'picket members' lists those there are")
                        .asRuntimeException());
        if (member.silent()) {
            leases.revoke(member);
        }
        boolean drainedBefore = standing == MemberStanding.ACTIVE && member.standing() == MemberStanding.DRAINING;
        if (member.standing() != standing && !drainedBefore) {
            throw Status.FAILED_PRECONDITION
                    .withDescription(member.party() + " " + refusal(member, standing))
                    .asRuntimeException();
        }
        observer.onNext(SetStandingResponse.newBuilder()
                .setMember(row(member, Instant.EPOCH))
                .build());
        observer.onCompleted();
    }

    /// Why a member does not stand as it was to.
    private static String refusal(Member member, MemberStanding asked) {
        return asked == MemberStanding.DRAINING && !member.role().drainable()
                ? "has nothing to drain: it holds no lease, and nobody has leases of what it supplies; agents and"
                        + " crawlers are drained"
                : member.standing().words();
    }

    private org.picket.proto.v1.Member row(Member member, Instant enrolled) {
        return org.picket.proto.v1.Member.newBuilder()
                .setId(member.id().value())
                .setRole(member.role().wire())
                .setName(member.name())
                .setOwner(owners.name(member.owner()).orElse(""))
                .setStanding(member.standing().wire())
                .setHeldOutFor(member.heldOutFor())
                .setKeyId(member.key().id().bytes())
                .setEnrolledMillis(enrolled.toEpochMilli())
                .setLeases(leases.held(member))
                .setRegion(member.home().region())
                .build();
    }
}
