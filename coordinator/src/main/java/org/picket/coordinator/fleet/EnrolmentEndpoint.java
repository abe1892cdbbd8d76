package org.picket.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Opened;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.EnrolProof;
import org.picket.proto.v1.EnrolRequest;
import org.picket.proto.v1.EnrolResponse;
import org.picket.proto.v1.EnrolmentGrpc;

/// Lets the invited in.
final class EnrolmentEndpoint extends EnrolmentGrpc.EnrolmentImplBase {
    private static final int NAME_LENGTH = 200;

    private final Fleet fleet;
    private final VerifyingKey coordinator;

    EnrolmentEndpoint(Fleet fleet, VerifyingKey coordinator) {
        this.fleet = fleet;
        this.coordinator = coordinator;
    }

    @Override
    public void enrol(EnrolRequest request, StreamObserver<EnrolResponse> observer) {
        Optional<MemberRole> role = MemberRole.of(request.getRole());
        Optional<VerifyingKey> key = key(request.getPublicKey());
        if (role.isEmpty() || key.isEmpty() || request.getName().length() > NAME_LENGTH) {
            observer.onError(Status.INVALID_ARGUMENT
                    .withDescription(
                            "an enrolment needs a role, an Ed25519 public key of 32 bytes and a name of at most "
                                    + NAME_LENGTH + " characters")
                    .asRuntimeException());
            return;
        }
        if (!proves(request, key.get())) {
            refuse(observer, "the proof is not this key's over this invite and role");
            return;
        }
        switch (fleet.enrol(request.getInvite(), role.get(), key.get(), request.getName())) {
            case Fleet.Enrolled.Refused(String why) -> refuse(observer, why);
            case Fleet.Enrolled.Welcome(Member member, ByteString session) -> {
                observer.onNext(EnrolResponse.newBuilder()
                        .setMemberId(member.id().value())
                        .setSession(session)
                        .setCoordinatorPublicKey(coordinator.raw())
                        .build());
                observer.onCompleted();
            }
        }
    }

    private static void refuse(StreamObserver<EnrolResponse> observer, String why) {
        observer.onError(Status.PERMISSION_DENIED.withDescription(why).asRuntimeException());
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

    private static Optional<VerifyingKey> key(ByteString raw) {
        try {
            return Optional.of(VerifyingKey.of(raw));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
