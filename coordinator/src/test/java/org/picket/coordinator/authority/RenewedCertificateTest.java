package org.picket.coordinator.authority;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.EnrolRequest;
import org.picket.proto.v1.EnrolmentGrpc;
import org.picket.runtime.channel.Address;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.identity.Certificates;
import org.picket.runtime.identity.Credentials;
import org.picket.runtime.identity.Party;
import org.picket.runtime.identity.Peer;
import org.picket.runtime.identity.Tls;
import org.picket.runtime.time.TimeSource;

/// Which certificate a server sees of a member that has connected before.
class RenewedCertificateTest {
    private static final Party MEMBER = new Party(Party.Kind.AGENT, 7);
    private static final Duration OLDER = Duration.ofHours(16);

    private final SecureRandom random = new SecureRandom();
    private final Authority authority = new Authority(SigningKey.generate(random), random);
    private final Tls tls = new Tls(authority.id(), TimeSource.system());
    private final Instant now = TimeSource.system().now().truncatedTo(ChronoUnit.SECONDS);
    private final SigningKey key = SigningKey.generate(random);
    private final AtomicReference<Optional<Credentials>> shown = new AtomicReference<>(Optional.empty());
    /// Handshakes in which the server looked at a certificate: not those of sessions that are resumed.
    private final AtomicInteger whole = new AtomicInteger();
    /// When the certificate ends that the caller showed, call by call; empty: it showed none.
    private final List<Optional<Instant>> seen = new CopyOnWriteArrayList<>();

    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void serve() {
        Credentials own = authority.coordinator(SigningKey.generate(random), List.of("127.0.0.1"), now);
        server = Servers.secure(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                tls.server(() -> own, this::looked),
                ChannelSettings.DEFAULT,
                List.of(new EnrolmentGrpc.EnrolmentImplBase() {}.bindService()),
                List.of(new Look()));
        channel = Channels.secure(
                new Address("127.0.0.1", server.getPort()),
                tls.client(shown::get, Party.COORDINATOR),
                ChannelSettings.DEFAULT,
                List.of());
    }

    @AfterEach
    void end() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    private boolean looked(Party caller) {
        whole.incrementAndGet();
        return MEMBER.equals(caller);
    }

    private final class Look implements ServerInterceptor {
        @Override
        public <A, B> ServerCall.Listener<A> interceptCall(
                ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
            seen.add(Peer.of(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
                    .map(Peer::until));
            return next.startCall(call, headers);
        }
    }

    /// @return its end
    private Instant certified(Instant at) throws CertificateException {
        shown.set(Optional.of(
                new Credentials(key, Certificates.read(authority.certify(MEMBER, key.verifyingKey(), at)))));
        return at.plus(Authority.MEMBER_LIFE);
    }

    private void callOverANewConnection() {
        channel.enterIdle();
        assertEquals(
                Status.Code.UNIMPLEMENTED,
                assertThrows(
                                StatusRuntimeException.class,
                                () -> EnrolmentGrpc.newBlockingStub(channel).enrol(EnrolRequest.getDefaultInstance()))
                        .getStatus()
                        .getCode());
    }

    @Test
    void connectionAfterARenewalShowsTheNewCertificate() throws CertificateException {
        Instant first = certified(now.minus(OLDER));
        callOverANewConnection();
        Instant second = certified(now);
        callOverANewConnection();
        assertEquals(List.of(Optional.of(first), Optional.of(second)), seen);
    }

    @Test
    void connectionAfterTheFirstCertificateShowsIt() throws CertificateException {
        callOverANewConnection();
        Instant first = certified(now);
        callOverANewConnection();
        assertEquals(List.of(Optional.empty(), Optional.of(first)), seen);
    }

    /// A handshake from the start costs the coordinator milliseconds, and all agents may come back at once.
    @Test
    void connectionWithTheSameCertificateResumesTheSession() throws CertificateException {
        Instant until = certified(now);
        callOverANewConnection();
        callOverANewConnection();
        callOverANewConnection();
        assertEquals(List.of(Optional.of(until), Optional.of(until), Optional.of(until)), seen);
        assertEquals(1, whole.get());
    }
}
