package org.picket.bench.stream;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.MemberStanding;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.relay.Admission;
import org.picket.coordinator.relay.Relay;
import org.picket.coordinator.relay.RelaySettings;
import org.picket.proto.id.MemberId;
import org.picket.proto.v1.Sealed;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.identity.Party;
import org.picket.runtime.identity.Peer;
import org.picket.runtime.time.TimeSource;

/// The relay's process: the coordinator's relay behind TLS, for one lease, without a database. It prints its
/// port, and for each line of its input the mebibytes on its heap after a collection.
public final class RelayHost {
    private static final OwnerId SITE = new OwnerId(1);
    private static final Context.Key<Member> CALLER = Context.key("bench-member");
    private static final double MEBI = 1_024 * 1_024;

    private RelayHost() {}

    /// @param arguments the cast
    public static void main(String[] arguments) throws IOException {
        RelayCast cast = RelayCast.of(arguments[0]);
        RelaySettings usual = RelaySettings.STANDARD;
        Relay relay = new Relay(
                new OneLease(),
                new RelaySettings(usual.streams(), Long.MAX_VALUE, Long.MAX_VALUE, usual.meet(), usual.attend()),
                TimeSource.system());
        var own = cast.host();
        Server server = Servers.secure(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                cast.tls().server(() -> own, party -> party.kind() != Party.Kind.COORDINATOR),
                ChannelSettings.DEFAULT,
                List.of(relay.service((_, _) -> Optional.of(SITE), CALLER::get).bindService()),
                List.of(new ByCertificate()));
        System.out.println(server.getPort());
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (input.readLine() != null) {
            System.gc();
            System.out.println(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEBI);
        }
        server.shutdownNow();
    }

    private static final class OneLease implements Admission {
        @Override
        public Answer agent(Sealed ticket, Member caller) {
            return new Answer.Admitted(RelayCast.LEASE, RelayCast.STORAGE, SITE, () -> false);
        }

        @Override
        public Answer crawler(Sealed ticket, Member caller) {
            return agent(ticket, caller);
        }
    }

    private static final class ByCertificate implements ServerInterceptor {
        @Override
        public <A, B> ServerCall.Listener<A> interceptCall(
                ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
            Peer peer = Peer.of(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
                    .orElseThrow();
            Member member = new Member(
                    new MemberId(peer.party().number()),
                    peer.party().kind() == Party.Kind.AGENT ? MemberRole.AGENT : MemberRole.CRAWLER,
                    SITE,
                    peer.key(),
                    "bench",
                    MemberStanding.ACTIVE);
            return Contexts.interceptCall(Context.current().withValue(CALLER, member), call, headers, next);
        }
    }
}
