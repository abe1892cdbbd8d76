package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.Channel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.picket.agent.intake.DirectRoutes;
import org.picket.coordinator.authority.Authority;
import org.picket.crawler.supply.TicketInterceptor;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.DirectRoute;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.SupplyEnd;
import org.picket.proto.v1.TicketStatement;
import org.picket.proto.v1.ViewMessage;
import org.picket.proto.v1.ViewsGrpc;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.identity.Certificates;
import org.picket.runtime.identity.Credentials;
import org.picket.runtime.identity.Party;
import org.picket.runtime.identity.Tls;
import org.picket.runtime.time.TimeSource;

/// Views between two machines: who gets them of whom.
class DirectViewsIT {
    private static final long CRAWLER = 3;

    private final SecureRandom random = new SecureRandom();
    private final Authority authority = new Authority(SigningKey.generate(random), random);
    private final Tls tls = new Tls(authority.id(), TimeSource.system());
    private final Credentials agent = member(authority, new Party(Party.Kind.AGENT, 7), Duration.ZERO);
    private final List<DirectRoutes> routes = new ArrayList<>();
    private Server server;

    @BeforeEach
    void serve() {
        serve(0);
    }

    private void serve(int port) {
        Credentials crawler = member(authority, new Party(Party.Kind.CRAWLER, CRAWLER), Duration.ZERO);
        server = Servers.secure(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                tls.server(() -> crawler, party -> party.kind() == Party.Kind.AGENT),
                ChannelSettings.DEFAULT,
                List.of(
                        new ViewsGrpc.ViewsImplBase() {
                            @Override
                            public void open(
                                    OpenViewsRequest request, io.grpc.stub.StreamObserver<ViewMessage> observer) {
                                observer.onNext(ViewMessage.newBuilder()
                                        .setEnd(SupplyEnd.getDefaultInstance())
                                        .build());
                                observer.onCompleted();
                            }
                        }.bindService()),
                List.of(new TicketInterceptor(TimeSource.system())));
    }

    @AfterEach
    void stop() {
        routes.forEach(DirectRoutes::close);
        server.shutdownNow();
    }

    private Credentials member(Authority issuer, Party party, Duration ago) {
        SigningKey key = SigningKey.generate(random);
        try {
            return new Credentials(
                    key,
                    Certificates.read(issuer.certify(
                            party, key.verifyingKey(), Instant.now().minus(ago))));
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    private Grant grant(SigningKey holder, long crawler) {
        Sealed ticket = SigningKey.generate(random)
                .seal(
                        SealKind.TICKET,
                        TicketStatement.newBuilder()
                                .setAgentKeyId(holder.verifyingKey().id().bytes())
                                .build());
        return Grant.newBuilder()
                .setTicket(ticket)
                .setDirect(DirectRoute.newBuilder()
                        .setAddress("127.0.0.1:" + server.getPort())
                        .setCrawlerMemberId(crawler))
                .build();
    }

    private ViewMessage open(Optional<Credentials> shown, Grant grant) {
        DirectRoutes direct = new DirectRoutes(tls, () -> shown);
        routes.add(direct);
        return open(direct, grant);
    }

    private static ViewMessage open(DirectRoutes direct, Grant grant) {
        Channel channel = direct.to(grant).orElseThrow();
        return ViewsGrpc.newBlockingStub(channel)
                .open(OpenViewsRequest.newBuilder().setTicket(grant.getTicket()).build())
                .next();
    }

    private Status.Code refusal(Optional<Credentials> shown, Grant grant) {
        return assertThrows(StatusRuntimeException.class, () -> open(shown, grant))
                .getStatus()
                .getCode();
    }

    @Test
    void agentOpensTheViewsOfItsOwnTicketOnly() {
        assertEquals(
                ViewMessage.MessageCase.END,
                open(Optional.of(agent), grant(agent.key(), CRAWLER)).getMessageCase());
        Grant another = grant(SigningKey.generate(random), CRAWLER);
        assertEquals(Status.Code.PERMISSION_DENIED, refusal(Optional.of(agent), another));
    }

    @Test
    void nobodyElseOpensAnything() {
        Grant grant = grant(agent.key(), CRAWLER);
        assertEquals(Status.Code.UNAUTHENTICATED, refusal(Optional.empty(), grant));
        Authority other = new Authority(SigningKey.generate(random), random);
        for (Credentials wrong : List.of(
                member(authority, new Party(Party.Kind.CRAWLER, 4), Duration.ZERO),
                member(authority, new Party(Party.Kind.ADMINISTRATOR, 5), Duration.ZERO),
                member(authority, new Party(Party.Kind.AGENT, 7), Authority.MEMBER_LIFE.plusMinutes(1)),
                member(other, new Party(Party.Kind.AGENT, 7), Duration.ZERO))) {
            assertEquals(Status.Code.UNAVAILABLE, refusal(Optional.of(wrong), grant), wrong::toString);
        }
    }

    @Test
    void crawlerThatWasAwayIsReachedByTheFirstCallOnceItIsBack() throws InterruptedException {
        Grant grant = grant(agent.key(), CRAWLER);
        DirectRoutes direct = new DirectRoutes(tls, () -> Optional.of(agent));
        routes.add(direct);
        int port = server.getPort();
        server.shutdownNow().awaitTermination();
        for (int i = 0; i < 3; i++) {
            StatusRuntimeException away = assertThrows(StatusRuntimeException.class, () -> open(direct, grant));
            assertEquals(Status.Code.UNAVAILABLE, away.getStatus().getCode());
        }
        serve(port);
        assertEquals(ViewMessage.MessageCase.END, open(direct, grant).getMessageCase());
    }

    @Test
    void agentBelievesOnlyTheCrawlerThatTheGrantNames() {
        assertEquals(Status.Code.UNAVAILABLE, refusal(Optional.of(agent), grant(agent.key(), CRAWLER + 1)));
        DirectRoutes direct = new DirectRoutes(tls, () -> Optional.of(agent));
        routes.add(direct);
        assertEquals(Optional.empty(), direct.to(Grant.getDefaultInstance()));
        assertEquals(
                Optional.empty(),
                direct.to(Grant.newBuilder()
                        .setDirect(
                                DirectRoute.newBuilder().setAddress("nowhere").setCrawlerMemberId(1))
                        .build()));
    }
}
