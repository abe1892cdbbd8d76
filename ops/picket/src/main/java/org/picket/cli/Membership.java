package org.picket.cli;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.List;
import org.picket.coordinator.fleet.Fleet;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.EnrolResponse;
import org.picket.proto.v1.EnrolmentGrpc;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Session;
import org.picket.runtime.membership.Joining;

/// A member of the coordinator in this process: enrolled as any other, by invite and proof.
///
/// @param channel with the member's session
/// @param key the member's own
/// @param coordinatorKey verifies tickets and orders
record Membership(ManagedChannel channel, SigningKey key, VerifyingKey coordinatorKey) {
    private static final Duration INVITE_LIFE = Duration.ofMinutes(5);

    static Membership enrol(Fleet fleet, OwnerId owner, String server, MemberRole role, SigningKey key, String name) {
        String invite = fleet.invite(role, owner, INVITE_LIFE);
        ManagedChannel stranger = Channels.inProcess(server, ChannelSettings.DEFAULT, List.of());
        try {
            EnrolResponse welcome =
                    EnrolmentGrpc.newBlockingStub(stranger).enrol(Joining.request(invite, role.wire(), key, name));
            ByteString session = welcome.getSession();
            return new Membership(
                    Channels.inProcess(server, ChannelSettings.DEFAULT, List.of(Session.attach(session))),
                    key,
                    VerifyingKey.of(welcome.getCoordinatorPublicKey()));
        } finally {
            stranger.shutdownNow();
        }
    }

    void end() {
        Channels.end(channel);
    }
}
