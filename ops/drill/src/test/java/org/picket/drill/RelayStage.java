package org.picket.drill;

import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.picket.agent.intake.ChosenRoutes;
import org.picket.agent.intake.DirectRoutes;
import org.picket.coordinator.authority.Authority;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.MemberStanding;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.relay.Admission;
import org.picket.coordinator.relay.Relay;
import org.picket.coordinator.relay.RelaySettings;
import org.picket.crawler.supply.Attendance;
import org.picket.proto.id.LeaseId;
import org.picket.proto.id.MemberId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.AttendRequest;
import org.picket.proto.v1.Fence;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.RelayRoute;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.TicketStatement;
import org.picket.runtime.channel.Address;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.identity.Certificates;
import org.picket.runtime.identity.Credentials;
import org.picket.runtime.identity.Party;
import org.picket.runtime.identity.Peer;
import org.picket.runtime.identity.Tls;
import org.picket.runtime.relay.Introduction;
import org.picket.runtime.relay.KnownPeers;
import org.picket.runtime.time.TimeSource;

/// A relay behind TLS with one crawler and one agent, and one lease that lives until it is told otherwise.
final class RelayStage implements AutoCloseable {
    static final Party AGENT = new Party(Party.Kind.AGENT, 7);
    static final Party CRAWLER = new Party(Party.Kind.CRAWLER, 3);
    static final OwnerId SITE = new OwnerId(1);
    static final StorageId STORAGE = new StorageId(5);

    private static final long LOOK_NANOS = 5_000_000;
    private static final Context.Key<Member> CALLER = Context.key("stage-member");

    final SecureRandom random = new SecureRandom();
    final Authority authority = new Authority(SigningKey.generate(random), random);
    final SigningKey coordinator = SigningKey.generate(random);
    final Tls tls = new Tls(authority.id(), TimeSource.system());
    final Credentials agent = member(AGENT);
    final Credentials crawler = member(CRAWLER);
    final AtomicBoolean leaseOver = new AtomicBoolean();
    final Relay relay;
    final Sealed ticket;
    private final Server server;
    private final Path folder;
    private final List<Runnable> parts = new ArrayList<>();

    RelayStage(RelaySettings settings, Path folder, UnaryOperator<BindableService> between) {
        this.folder = folder;
        this.ticket = ticket(agent, random);
        this.relay = new Relay(new OneLease(), settings, TimeSource.system());
        Credentials own = authority.coordinator(
                SigningKey.generate(random),
                List.of("127.0.0.1"),
                TimeSource.system().now());
        server = Servers.secure(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                tls.server(() -> own, party -> party.kind() != Party.Kind.COORDINATOR),
                ChannelSettings.DEFAULT,
                List.of(between.apply(relay.service((_, _) -> Optional.of(SITE), CALLER::get))
                        .bindService()),
                List.of(new ByCertificate()));
    }

    Credentials member(Party party) {
        return member(authority, party);
    }

    Credentials member(Authority issuer, Party party) {
        SigningKey key = SigningKey.generate(random);
        try {
            return new Credentials(
                    key,
                    Certificates.read(issuer.certify(
                            party, key.verifyingKey(), TimeSource.system().now())));
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    private Sealed ticket(Credentials of, SecureRandom random) {
        return coordinator.seal(
                SealKind.TICKET,
                TicketStatement.newBuilder()
                        .setFence(Fence.newBuilder()
                                .setLeaseId(
                                        new LeaseId(new java.util.UUID(random.nextLong(), random.nextLong())).bytes())
                                .setLeaseEpoch(1)
                                .setTerm(1))
                        .setShardId(9)
                        .setStorageId(STORAGE.value())
                        .setAgentKeyId(of.key().verifyingKey().id().bytes())
                        .build());
    }

    Grant grant(Credentials far) {
        return Grant.newBuilder()
                .setTicket(ticket)
                .setRelay(RelayRoute.newBuilder()
                        .setCrawlerMemberId(CRAWLER.number())
                        .setCrawlerKeyId(far.key().verifyingKey().id().bytes()))
                .build();
    }

    ManagedChannel as(Credentials credentials) {
        ManagedChannel channel = Channels.secure(
                new Address("127.0.0.1", server.getPort()),
                tls.client(() -> Optional.of(credentials), Party.COORDINATOR),
                ChannelSettings.DEFAULT,
                List.of());
        parts.add(channel::shutdownNow);
        return channel;
    }

    Introduction introduction(String name, Credentials credentials) {
        return new Introduction(tls, () -> Optional.of(credentials), KnownPeers.open(folder.resolve(name)));
    }

    Attendance attend(Credentials as, Attendance.ViewSupply supply) {
        Attendance attendance = Attendance.start(
                as(as),
                AttendRequest.newBuilder().setStorageId(STORAGE.value()).build(),
                introduction("crawler", as),
                coordinator.verifyingKey(),
                supply);
        parts.add(attendance::close);
        long deadline = System.nanoTime() + 20_000_000_000L;
        RelayRoute wanted = grant(as).getRelay();
        while (!relay.route(STORAGE).equals(Optional.of(wanted)) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return attendance;
    }

    ChosenRoutes routes(Credentials as) {
        DirectRoutes direct = new DirectRoutes(tls, () -> Optional.of(as));
        parts.add(direct::close);
        return new ChosenRoutes(direct, as(as), introduction("agent", as), TimeSource.system());
    }

    @Override
    public void close() {
        parts.reversed().forEach(Runnable::run);
        server.shutdownNow();
    }

    /// Lets the agent of the ticket, and crawlers of the one site, to the one lease.
    private final class OneLease implements Admission {
        @Override
        public Answer agent(Sealed shown, Member caller) {
            return answer(shown, caller.key().equals(agent.key().verifyingKey()));
        }

        @Override
        public Answer crawler(Sealed shown, Member caller) {
            return answer(shown, caller.role() == MemberRole.CRAWLER);
        }

        private Answer answer(Sealed shown, boolean may) {
            return may && shown.equals(ticket) && !leaseOver.get()
                    ? new Answer.Admitted(new LeaseId(new java.util.UUID(1, 2)), STORAGE, SITE, leaseOver::get)
                    : new Answer.Refused(Status.PERMISSION_DENIED.withDescription("not its ticket"));
        }
    }

    /// As the fleet does, without a database.
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
                    "stage",
                    MemberStanding.ACTIVE);
            return Contexts.interceptCall(Context.current().withValue(CALLER, member), call, headers, next);
        }
    }
}
