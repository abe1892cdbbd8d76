package org.picket.runtime.membership;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.MemberId;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.EnrolProof;
import org.picket.proto.v1.EnrolRequest;
import org.picket.proto.v1.EnrolResponse;
import org.picket.proto.v1.EnrolmentGrpc;
import org.picket.proto.v1.Role;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.identity.InviteCode;
import org.picket.runtime.identity.Party;
import org.picket.runtime.identity.Tls;
import org.picket.runtime.time.TimeSource;

/// Trades an invite for a membership.
public final class Joining {
    private Joining() {}

    /// Calls the coordinator that the invite names, and no other: one whose certificate is of another authority
    /// is not told the secret.
    ///
    /// @param key the member's own; used again where joining broke off, so that the member stays the same
    /// @param name for people
    /// @throws StatusRuntimeException PERMISSION_DENIED: the invite is unknown, used or expired, or for another
    /// role; UNAVAILABLE: no coordinator of that authority could be reached there
    public static MemberRecord join(InviteCode invite, Role role, SigningKey key, String name, TimeSource time) {
        ManagedChannel stranger = stranger(new Tls(invite.authority(), time), invite);
        try {
            EnrolResponse welcome =
                    EnrolmentGrpc.newBlockingStub(stranger).enrol(request(invite.secret(), role, key, name));
            return new MemberRecord(
                    invite.coordinators(),
                    invite.authority(),
                    new MemberId(welcome.getMemberId()),
                    VerifyingKey.of(welcome.getCoordinatorPublicKey()),
                    circle(welcome));
        } finally {
            stranger.shutdownNow();
        }
    }

    private static Circle circle(EnrolResponse welcome) {
        try {
            return welcome.hasCircle() ? Circle.of(welcome.getCircle()) : Circle.EVERYONE;
        } catch (IllegalArgumentException e) {
            throw Status.UNIMPLEMENTED
                    .withDescription("the invite's circle is not understood here: " + e.getMessage())
                    .asRuntimeException();
        }
    }

    /// What a newcomer says, with the proof that it holds its key.
    ///
    /// @param secret of its invite
    /// @param name for people
    public static EnrolRequest request(String secret, Role role, SigningKey key, String name) {
        EnrolProof proof =
                EnrolProof.newBuilder().setInvite(secret).setRole(role).build();
        return EnrolRequest.newBuilder()
                .setInvite(secret)
                .setRole(role)
                .setPublicKey(key.verifyingKey().raw())
                .setName(name)
                .setProof(key.seal(SealKind.ENROLMENT, proof))
                .build();
    }

    private static ManagedChannel stranger(Tls tls, InviteCode invite) {
        return Channels.secure(
                invite.coordinators(),
                tls.client(Optional::empty, Party.COORDINATOR),
                ChannelSettings.DEFAULT,
                List.of(),
                Channels.Unbegun.SENT_AGAIN);
    }
}
