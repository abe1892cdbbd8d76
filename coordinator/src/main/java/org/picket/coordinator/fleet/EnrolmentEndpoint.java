package org.picket.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import org.picket.coordinator.authority.Authority;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.KeyId;
import org.picket.proto.seal.Opened;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.EnrolProof;
import org.picket.proto.v1.EnrolRequest;
import org.picket.proto.v1.EnrolResponse;
import org.picket.proto.v1.EnrolmentGrpc;
import org.picket.proto.v1.RenewProof;
import org.picket.proto.v1.RenewRequest;
import org.picket.proto.v1.RenewResponse;
import org.picket.proto.v1.Span;
import org.picket.runtime.time.TimeSource;

/// Lets the invited in, and gives members new certificates: the two calls that are open to strangers. So both
/// are bounded first, then proved, and only then looked up: by a digest of the secret, which nobody can steer,
/// so that the time of a look-up tells nothing of it.
final class EnrolmentEndpoint extends EnrolmentGrpc.EnrolmentImplBase {
    private static final int NAME_LENGTH = 200;
    private static final int INVITE_LENGTH = 128;

    private final Fleet fleet;
    private final VerifyingKey coordinator;
    private final Optional<Authority> authority;
    private final TimeSource time;
    private final AttemptLimit limit = new AttemptLimit();

    EnrolmentEndpoint(Fleet fleet, VerifyingKey coordinator, Optional<Authority> authority, TimeSource time) {
        this.fleet = fleet;
        this.coordinator = coordinator;
        this.authority = authority;
        this.time = time;
    }

    @Override
    public void enrol(EnrolRequest request, StreamObserver<EnrolResponse> observer) {
        attempt();
        Optional<MemberRole> role = MemberRole.of(request.getRole());
        Optional<VerifyingKey> key = key(request.getPublicKey());
        if (role.isEmpty()
                || key.isEmpty()
                || request.getName().length() > NAME_LENGTH
                || request.getInvite().length() > INVITE_LENGTH) {
            throw Status.INVALID_ARGUMENT
                    .withDescription(
                            "an enrolment needs an invite, a role, an Ed25519 public key of 32 bytes and a name"
                                    + " of at most " + NAME_LENGTH + " characters")
                    .asRuntimeException();
        }
        if (!proves(request, key.get())) {
            throw refused("the proof is not this key's over this invite and role");
        }
        switch (fleet.enrol(request.getInvite(), role.get(), key.get(), request.getName(), authority.isEmpty())) {
            case Fleet.Enrolled.Refused(String why) -> throw refused(why);
            case Fleet.Enrolled.Welcome(Member member, ByteString session) -> {
                EnrolResponse.Builder welcome = EnrolResponse.newBuilder()
                        .setMemberId(member.id().value())
                        .setSession(session)
                        .setCoordinatorPublicKey(coordinator.raw());
                member.home().circle().wire().ifPresent(welcome::setCircle);
                authority.ifPresent(issuer ->
                        welcome.addAllCertificates(certify(issuer, member)).setCertificateLife(life()));
                observer.onNext(welcome.build());
                observer.onCompleted();
            }
        }
    }

    @Override
    public void renew(RenewRequest request, StreamObserver<RenewResponse> observer) {
        attempt();
        Authority issuer = authority.orElseThrow(() -> Status.FAILED_PRECONDITION
                .withDescription("this coordinator gives no certificates: members enrol anew")
                .asRuntimeException());
        Optional<Member> member = proven(request, issuer.id());
        if (member.isEmpty()) {
            throw refused("no member of that number here has that key: join with an invite");
        }
        if (member.get().silent()) {
            throw MemberInterceptor.silent(member.get()).asRuntimeException();
        }
        observer.onNext(RenewResponse.newBuilder()
                .addAllCertificates(certify(issuer, member.get()))
                .setCertificateLife(life())
                .build());
        observer.onCompleted();
    }

    private void attempt() {
        Optional<SocketAddress> caller = MemberInterceptor.address();
        if (caller.isPresent() && !limit.take(caller.get(), time.now())) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("too many attempts to join or to renew; try again in a minute")
                    .asRuntimeException();
        }
    }

    private List<ByteString> certify(Authority issuer, Member member) {
        return issuer.certify(member.party(), member.key(), time.now());
    }

    private static Span life() {
        return Span.newBuilder()
                .setMilliseconds(Authority.MEMBER_LIFE.toMillis())
                .build();
    }

    private static StatusRuntimeException refused(String why) {
        return Status.PERMISSION_DENIED.withDescription(why).asRuntimeException();
    }

    private static boolean proves(EnrolRequest request, VerifyingKey key) {
        Opened<EnrolProof> proof = Opened.open(
                SealKind.ENROLMENT,
                request.getProof(),
                EnrolProof.parser(),
                id -> Optional.of(key).filter(own -> own.id().equals(id)),
                Limits.STATEMENT_BYTES);
        return switch (proof) {
            case Opened.Invalid<EnrolProof> _ -> false;
            case Opened.Valid<EnrolProof>(EnrolProof statement, var _) ->
                statement.getInvite().equals(request.getInvite()) && statement.getRole() == request.getRole();
        };
    }

    /// The member that asks, whatever its standing: whoever holds the key may learn how it stands.
    private Optional<Member> proven(RenewRequest request, KeyId issuer) {
        Opened<RenewProof> proof = Opened.open(
                SealKind.RENEWAL,
                request.getProof(),
                RenewProof.parser(),
                id -> fleet.keyring().anyone(id).map(Member::key),
                Limits.STATEMENT_BYTES);
        return switch (proof) {
            case Opened.Invalid<RenewProof> _ -> Optional.empty();
            case Opened.Valid<RenewProof>(RenewProof statement, VerifyingKey key) ->
                statement.getAuthorityKeyId().equals(issuer.bytes())
                        ? fleet.keyring()
                                .anyone(key.id())
                                .filter(member -> member.id().value() == statement.getMemberId())
                        : Optional.empty();
        };
    }

    private static Optional<VerifyingKey> key(ByteString raw) {
        try {
            return Optional.of(VerifyingKey.of(raw));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
