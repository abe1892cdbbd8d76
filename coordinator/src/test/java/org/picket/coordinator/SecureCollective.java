package org.picket.coordinator;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.picket.coordinator.authority.Authority;
import org.picket.coordinator.authority.CoordinatorCredentials;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.proto.seal.KeyId;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.EnrolRequest;
import org.picket.proto.v1.EnrolResponse;
import org.picket.proto.v1.EnrolmentGrpc;
import org.picket.proto.v1.EnrolmentGrpc.EnrolmentBlockingStub;
import org.picket.proto.v1.RenewProof;
import org.picket.proto.v1.RenewRequest;
import org.picket.proto.v1.RenewResponse;
import org.picket.runtime.channel.Address;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.identity.Certificates;
import org.picket.runtime.identity.Credentials;
import org.picket.runtime.identity.Party;
import org.picket.runtime.identity.Tls;
import org.picket.runtime.membership.Joining;
import org.picket.runtime.time.TimeSource;

/// A whole coordinator behind TLS on loopback, and members with certificates.
final class SecureCollective implements AutoCloseable {
    static final Duration INVITE_LIFE = Duration.ofHours(1);

    final SecureRandom random = new SecureRandom();
    final Authority authority = new Authority(SigningKey.generate(random), random);
    /// Seals what the coordinator states.
    final SigningKey key = SigningKey.generate(random);
    final CoordinatorProcess process;
    final TimeSource time;
    final Address address;
    /// One permit for each call that was let in.
    final Semaphore admitted = new Semaphore(0);
    /// Whether calls fail right after they were let in.
    final AtomicBoolean failing = new AtomicBoolean();
    private final Server server;
    private final List<ManagedChannel> channels = new ArrayList<>();

    /// A member.
    record Joined(long id, MemberRole role, Credentials credentials, Channel channel) {
        SigningKey key() {
            return credentials.key();
        }
    }

    /// @param handshakes how much earlier the server believes it to be while it looks at certificates
    SecureCollective(Database database, Duration handshakes) {
        this(database, handshakes, CoordinatorSettings.standard("secure"));
    }

    SecureCollective(Database database, Duration handshakes, CoordinatorSettings settings) {
        time = database.clock();
        process = new CoordinatorProcess(
                database,
                key,
                settings,
                Optional.of(new CoordinatorProcess.Network(authority, () -> new Address("127.0.0.1", 1))));
        Tls tls = new Tls(authority.id(), () -> time.now().minus(handshakes));
        server = Servers.secure(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                tls.server(
                        new CoordinatorCredentials(
                                authority, SigningKey.generate(random), List.of("127.0.0.1", "localhost"), time),
                        party -> party.kind() != Party.Kind.COORDINATOR),
                ChannelSettings.DEFAULT,
                process.services().stream().map(BindableService::bindService).toList(),
                Stream.concat(process.interceptors().stream(), Stream.of(new Admitted()))
                        .toList());
        address = new Address("127.0.0.1", server.getPort());
    }

    private final class Admitted implements ServerInterceptor {
        @Override
        public <A, B> ServerCall.Listener<A> interceptCall(
                ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
            admitted.release();
            if (failing.get()) {
                throw new IllegalStateException("synthetic");
            }
            return next.startCall(call, headers);
        }
    }

    /// Shows these, or nothing.
    Channel as(Optional<Credentials> credentials) {
        ManagedChannel channel = Channels.secure(
                address,
                new Tls(authority.id(), time).client(() -> credentials, Party.COORDINATOR),
                ChannelSettings.DEFAULT,
                List.of());
        channels.add(channel);
        return channel;
    }

    EnrolmentBlockingStub enrolment() {
        return EnrolmentGrpc.newBlockingStub(as(Optional.empty()));
    }

    Joined join(MemberRole role, String owner) {
        String invite = process.fleet().invite(role, process.owner(owner), INVITE_LIFE);
        SigningKey key = SigningKey.generate(random);
        EnrolResponse welcome = enrolment().enrol(enrolment(invite, role, key));
        Credentials credentials = credentials(key, welcome.getCertificatesList());
        return new Joined(welcome.getMemberId(), role, credentials, as(Optional.of(credentials)));
    }

    static EnrolRequest enrolment(String invite, MemberRole role, SigningKey key) {
        return Joining.request(invite, role.wire(), key, "test");
    }

    RenewResponse renew(long member, SigningKey key, KeyId issuer) {
        return enrolment()
                .renew(RenewRequest.newBuilder()
                        .setProof(key.seal(
                                SealKind.RENEWAL,
                                RenewProof.newBuilder()
                                        .setMemberId(member)
                                        .setAuthorityKeyId(issuer.bytes())
                                        .build()))
                        .build());
    }

    static Credentials credentials(SigningKey key, List<ByteString> der) {
        try {
            return new Credentials(key, Certificates.read(der));
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Credentials as that member's would be by another authority, or at another time.
    Credentials issued(Authority issuer, Joined member, Duration ago) {
        VerifyingKey key = member.key().verifyingKey();
        return credentials(
                member.key(),
                issuer.certify(
                        member.credentials().party().orElseThrow(),
                        key,
                        time.now().minus(ago)));
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        server.shutdownNow();
        process.close();
    }
}
